"""Fetching a text file that an expert dropped in a thread, with the care an unknown file needs."""

from __future__ import annotations

import httpx

from bot.errors import BotError
from bot.slack.client.web_client import host_of, is_local_url

MAX_FILE_BYTES = 400_000
"""Bytes of a text file: four for each character that a response may have."""


class InvalidTextFileError(BotError):
    """“{name}” could not be added: {reason}."""


async def fetch_text(url: str, name: str, token: str, api_url: str) -> str:
    """Return the text of a file in Slack.

    Slack answers a missing permission with a sign-in page and 200, so a page is never a text.
    The address of a file that is kept elsewhere leads there, and our token must not.

    Raises:
        NoTextFileError: it is too large, no UTF-8 text, not in Slack, or could not be read.
    """
    if not is_slack_url(url, api_url):
        raise InvalidTextFileError(
            name=name, reason="it is not kept in Slack; send it as plain text"
        )
    try:
        body = await _download(url, name, token)
    except httpx.HTTPError as error:
        reason = "Slack did not hand it over; please drop it again"
        raise InvalidTextFileError(name=name, reason=reason) from error
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidTextFileError(
            name=name, reason="it is no UTF-8 text; save it as .txt"
        ) from error
    if not text.strip() or "\x00" in text:
        raise InvalidTextFileError(name=name, reason="there is no text in it")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def is_slack_url(url: str, api_url: str) -> bool:
    """Say whether files.slack.com is asked where slack.com is our Web API, and as safely."""
    host, api_host = host_of(url), host_of(api_url)
    same_scheme = url.partition(":")[0] == api_url.partition(":")[0]
    return same_scheme and (host == api_host or host.endswith(f".{api_host}"))


async def _download(url: str, name: str, token: str) -> bytes:
    headers = {"Authorization": f"Bearer {token}"}
    body = bytearray()
    async with (
        httpx.AsyncClient(trust_env=not is_local_url(url), timeout=30) as client,
        client.stream("GET", url, headers=headers) as response,
    ):
        if response.status_code != httpx.codes.OK:
            reason = f"Slack answered {response.status_code}; please drop it again"
            raise InvalidTextFileError(name=name, reason=reason)
        if "html" in response.headers.get("content-type", ""):
            raise InvalidTextFileError(name=name, reason="I may not read it; send it as plain text")
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > MAX_FILE_BYTES:
                raise InvalidTextFileError(
                    name=name, reason=f"it is larger than {MAX_FILE_BYTES:,} bytes"
                )
    return bytes(body)
