"""Asking Slack something from the command line: one plain call at a time, nothing raised.

The running bot has `bot.slack.client.web_client`; this is for commands without an event loop.
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
    """What came back. `error` is Slack's own word, or a phrase if nothing readable came back."""

    error: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    scopes: tuple[str, ...] | None = None
    server_time: datetime | None = None


class SyncSlackClient:
    """Calls methods of Slack's Web API with one token; a context manager."""

    def __init__(self, api_url: str, token: str) -> None:
        """Call the Web API at `api_url`, which ends with a slash."""
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.Client(base_url=api_url, headers=headers, timeout=TIMEOUT_SECONDS)

    def __enter__(self) -> Self:
        """Hand out the caller."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the connection."""
        self._client.close()

    def call(self, method: str, **arguments: str) -> ApiResponse:
        """Call a method. Whatever goes wrong is the answer's `error`."""
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
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or "ok" not in body:
        return ApiResponse(
            f"HTTP {response.status_code} without an answer of Slack's", {}, scopes, server_time
        )
    error = "" if body["ok"] else str(body.get("error", "unknown"))
    return ApiResponse(error, body, scopes, server_time)


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
