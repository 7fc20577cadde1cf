"""Synchronous client of Slack's Web API, for commands without an event loop.

It returns errors instead of raising them. The running bot uses `bot.slack.client.web_client`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self

import httpx

TIMEOUT_SECONDS = 15
"""Seconds for one call."""


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """Response of a call. `error` is Slack's error code, or a phrase if there is none.

    `retry_after` is how many seconds to wait after a rate limit.
    """

    error: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    scopes: tuple[str, ...] | None = None
    server_time: datetime | None = None
    retry_after: float | None = None


class SyncSlackClient:
    """Calls methods of the Web API with one token. Use it as a context manager."""

    def __init__(self, api_url: str, token: str) -> None:
        """Create a client for the Web API at `api_url`, which ends with a slash."""
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.Client(base_url=api_url, headers=headers, timeout=TIMEOUT_SECONDS)

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._client.close()

    def call(self, method: str, **arguments: str) -> ApiResponse:
        """Call a method; any failure is in the `error` of the response."""
        try:
            response = self._client.post(method, data=arguments)
            return _parse_response(response)
        except httpx.HTTPError as error:
            return ApiResponse(
                error=f"no answer from {self._client.base_url.host}: {_reason(error)}"
            )


def _reason(error: httpx.HTTPError) -> str:
    return str(error).rstrip(".") or type(error).__name__


def _parse_response(response: httpx.Response) -> ApiResponse:
    server_time, scopes = _parse_date(response), _parse_scopes(response)
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        return ApiResponse("ratelimited", retry_after=_parse_wait(response))
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or "ok" not in body:
        return ApiResponse(
            f"HTTP {response.status_code}, but not a response of Slack", {}, scopes, server_time
        )
    error = "" if body["ok"] else str(body.get("error", "unknown"))
    return ApiResponse(error, body, scopes, server_time)


def _parse_wait(response: httpx.Response) -> float:
    try:
        return max(float(response.headers.get("Retry-After", "1")), 0.0)
    except ValueError:
        return 1.0


def _parse_scopes(response: httpx.Response) -> tuple[str, ...] | None:
    header = response.headers.get("x-oauth-scopes")
    if header is None:
        return None
    return tuple(scope.strip() for scope in header.split(",") if scope.strip())


def _parse_date(response: httpx.Response) -> datetime | None:
    try:
        return parsedate_to_datetime(response.headers["Date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return None
