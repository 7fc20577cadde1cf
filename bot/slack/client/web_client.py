"""The way to Slack: one client on one shared session, and the errors that are worth another try."""

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
"""Slack's answers that another try will not change."""


def create_client(token: str, api_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Return a client. The shared session halves the cost of a call: no new connection each time.

    The environment's proxies apply as usual, but never to a sandbox on this machine: the SDK does
    not read NO_PROXY.
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
    """Say whether an address is on this machine."""
    return host_of(url) in ("127.0.0.1", "localhost", "::1")


def host_of(url: str) -> str:
    """Return the host of an address, "" if it names none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def error_code(error: SlackApiError) -> str:
    """Return Slack's word for what is wrong."""
    return str(error.response.get("error", "")) if error.response is not None else ""


def retry_after_seconds(error: SlackApiError) -> float | None:
    """Return the seconds Slack asks us to wait, None if this is no rate limit."""
    if error.response is None or error.response.status_code != 429:  # noqa: PLR2004 - HTTP
        return None
    return float(error.response.headers.get("Retry-After", "1"))
