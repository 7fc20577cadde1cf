"""Downloads text files that experts upload to a thread, and checks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.decompression import (
    ContentEncodingError,
    SizeLimitError,
    decompress,
    parse_encodings,
)
from bot.errors import BotError
from bot.lazy_module import LazyModule
from bot.slack.client.web_client import host_of, is_local_url

if TYPE_CHECKING:
    import httpx
else:
    httpx = LazyModule("httpx")  # the bot rarely needs it

MAX_FILE_BYTES = 400_000
"""Largest text file: four bytes for each character that a response may have."""

TOO_LARGE = f"it is larger than {MAX_FILE_BYTES:,} bytes"


class InvalidTextFileError(BotError):
    """“{name}” could not be added: {reason}."""


async def fetch_text(url: str, name: str, token: str, api_url: str) -> str:
    """Return the text of a file in Slack.

    If the permission is missing, Slack answers 200 with a sign-in page, so HTML is never accepted.
    The URL of a file that is stored elsewhere leads there, so it never gets our token.

    Raises:
        InvalidTextFileError: The file is too large, not UTF-8, not in Slack, or cannot be read.
    """
    if not is_slack_url(url, api_url):
        raise InvalidTextFileError(
            name=name, reason="it is stored outside Slack; upload the file itself"
        )
    try:
        body = await _download(url, name, token)
    except httpx.HTTPError as error:
        reason = "Slack did not deliver it; upload it again"
        raise InvalidTextFileError(name=name, reason=reason) from error
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidTextFileError(
            name=name, reason="it is not UTF-8 text; save it as .txt in UTF-8"
        ) from error
    if not text.strip() or "\x00" in text:
        raise InvalidTextFileError(name=name, reason="it contains no text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def is_slack_url(url: str, api_url: str) -> bool:
    """Check that a URL is on the host of the Web API or a subdomain, with the same scheme."""
    host, api_host = host_of(url), host_of(api_url)
    has_same_scheme = url.partition(":")[0] == api_url.partition(":")[0]
    return has_same_scheme and (host == api_host or host.endswith(f".{api_host}"))


async def _download(url: str, name: str, token: str) -> bytes:
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    body = bytearray()
    async with (
        httpx.AsyncClient(trust_env=not is_local_url(url), timeout=30) as client,
        client.stream("GET", url, headers=headers) as response,
    ):
        if response.status_code != httpx.codes.OK:
            reason = f"Slack answered {response.status_code}; upload it again"
            raise InvalidTextFileError(name=name, reason=reason)
        if "html" in response.headers.get("content-type", ""):
            raise InvalidTextFileError(name=name, reason="the bot may not read it; paste the text")
        encodings = response.headers.get("content-encoding", "")
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > MAX_FILE_BYTES:
                raise InvalidTextFileError(name=name, reason=TOO_LARGE)
    try:
        return b"".join(decompress([bytes(body)], parse_encodings(encodings), MAX_FILE_BYTES))
    except SizeLimitError as error:
        raise InvalidTextFileError(name=name, reason=TOO_LARGE) from error
    except ContentEncodingError as error:
        raise InvalidTextFileError(name=name, reason=str(error)) from error
