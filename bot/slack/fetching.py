"""Fetching a text file that an expert dropped in a thread, with the care an unknown file needs."""

from __future__ import annotations

import httpx

from bot.errors import BotError
from bot.slack.client import is_local

LARGEST = 400_000
"""Bytes of a text file: four for each character that a response may have."""


class NoTextFileError(BotError):
    """“{name}” could not be added: {reason}."""


async def fetch_text(url: str, name: str, token: str) -> str:
    """Return the text of a file in Slack.

    Slack answers a missing permission with a sign-in page and 200, so a page is never a text.

    Raises:
        NoTextFileError: it is too large, no UTF-8 text, or could not be read.
    """
    body = await _body(url, name, token)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoTextFileError(name=name, reason="it is no UTF-8 text; save it as .txt") from error
    if not text.strip() or "\x00" in text:
        raise NoTextFileError(name=name, reason="there is no text in it")
    return text.replace("\r\n", "\n").replace("\r", "\n")


async def _body(url: str, name: str, token: str) -> bytes:
    headers = {"Authorization": f"Bearer {token}"}
    body = bytearray()
    async with (
        httpx.AsyncClient(trust_env=not is_local(url), timeout=30) as client,
        client.stream("GET", url, headers=headers) as answer,
    ):
        if answer.status_code != httpx.codes.OK:
            reason = f"Slack answered {answer.status_code}; please drop it again"
            raise NoTextFileError(name=name, reason=reason)
        if "html" in answer.headers.get("content-type", ""):
            raise NoTextFileError(name=name, reason="I may not read it; send it as plain text")
        async for chunk in answer.aiter_bytes():
            body += chunk
            if len(body) > LARGEST:
                raise NoTextFileError(name=name, reason=f"it is larger than {LARGEST:,} bytes")
    return bytes(body)
