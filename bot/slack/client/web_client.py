"""The asynchronous client of Slack's Web API, and its error codes."""

from __future__ import annotations

from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

TIMEOUT_SECONDS = 30
"""Seconds for one call."""

PERMANENT_ERRORS = {
    "account_inactive",
    "cannot_dm_bot",
    "channel_not_found",
    "invalid_auth",
    "is_archived",
    "missing_scope",
    "not_authed",
    "not_in_channel",
    "token_revoked",
    "user_disabled",
    "user_not_found",
}
"""Error codes that a retry does not change."""


def create_client(token: str, api_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Return a client on a shared session, which halves the cost of a call by reusing connections.

    It uses the proxy of the environment, except for a sandbox on this machine: the SDK ignores
    NO_PROXY.
    """
    client = AsyncWebClient(
        token=token,
        base_url=api_url,
        session=session,
        timeout=TIMEOUT_SECONDS,
        retry_handlers=[AsyncConnectionErrorRetryHandler()],
    )
    if is_local_url(api_url):
        client.proxy = None
    return client


def is_local_url(url: str) -> bool:
    """Check whether a URL is on this machine."""
    return host_of(url) in ("127.0.0.1", "localhost", "::1")


def host_of(url: str) -> str:
    """Return the host of a URL, "" if it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def error_code(error: SlackApiError) -> str:
    """Return Slack's error code, "" if there is none."""
    return str(error.response.get("error", "")) if error.response is not None else ""


def retry_after_seconds(error: SlackApiError) -> float | None:
    """Return the seconds that a rate limit asks to wait, None for other errors."""
    if error.response is None or error.response.status_code != 429:  # noqa: PLR2004 - HTTP
        return None
    return float(error.response.headers.get("Retry-After", "1"))
