"""The asynchronous client of Slack's Web API, and what its errors say."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client.error_codes import ERROR_KINDS, PERMANENT_KINDS, ErrorKind, kind_of_code

TIMEOUT_SECONDS = 30
"""Seconds for one call."""

DEFAULT_RETRY_AFTER_SECONDS = 30.0
"""Wait after a rate limit whose Retry-After is missing or not a number."""

MAX_RETRY_AFTER_SECONDS = 3_600.0
"""Longest wait after a rate limit, whatever Retry-After says."""

PERMANENT_ERRORS = frozenset(code for code, kind in ERROR_KINDS.items() if kind in PERMANENT_KINDS)
"""Error codes that a retry does not change."""


class UnreadableAnswerError(OSError):
    """Slack, or a proxy in between, answered something that is not an answer of the Web API."""


NETWORK_ERRORS = (OSError, TimeoutError, aiohttp.ClientError)
"""Errors of a call that Slack did not answer."""


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
    return str(_body_of(error).get("error") or "")


def error_kind(error: SlackApiError) -> ErrorKind:
    """Return what a refusal says: who or what failed, and whether a retry can help."""
    if status_of(error) == HTTPStatus.TOO_MANY_REQUESTS:
        return ErrorKind.TRANSIENT
    return kind_of_code(error_code(error))


def needed_scope(error: SlackApiError) -> str:
    """Return the scope that a call needs, "" if Slack did not name it."""
    return str(_body_of(error).get("needed") or "")


def status_of(error: SlackApiError) -> int:
    """Return the HTTP status of the answer, 0 if there was none."""
    response = error.response
    return int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)


def is_outage(error: SlackApiError) -> bool:
    """Check whether the answer is one of a server that is down, not one of the Web API."""
    return status_of(error) >= HTTPStatus.INTERNAL_SERVER_ERROR


def retry_after_seconds(error: SlackApiError) -> float | None:
    """Return how many seconds to wait after a rate limit, None for other errors."""
    if status_of(error) != HTTPStatus.TOO_MANY_REQUESTS:
        return None
    try:
        seconds = float(error.response.headers.get("Retry-After", "1"))
    except ValueError:
        return DEFAULT_RETRY_AFTER_SECONDS
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_SECONDS)


def is_success(body: bytes) -> bool:
    """Check whether the answer of a response_url means that the message was accepted."""
    if body.strip() == b"ok":
        return True
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return isinstance(answer, dict) and answer.get("ok") is True


def _body_of(error: SlackApiError) -> Mapping[str, Any]:
    """Return the JSON object of an answer, an empty one if its body was something else."""
    body = getattr(error.response, "data", error.response)
    return body if isinstance(body, Mapping) else {}
