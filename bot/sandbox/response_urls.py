"""Response URLs, valid for five uses within thirty minutes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from .clock import Clock
from .ids import random_hex

MAX_USES = 5
URL_LIFETIME = timedelta(minutes=30)
"""Slack: "up to 5 times within 30 minutes"."""


@dataclass(slots=True)
class ResponseUrl:
    """A response URL: the channel, the user who acted, and the message they acted on."""

    channel: str
    user_id: str
    message_ts: str | None
    is_ephemeral: bool
    created_at: datetime
    use_count: int = 0


class ResponseUrls:
    """The response URLs issued so far."""

    def __init__(self, clock: Clock, base_url: Callable[[], str], app_id: str) -> None:
        """Issue URLs under `base_url` that expire by `clock`."""
        self._clock = clock
        self._base_url = base_url
        self._app_id = app_id
        self._urls: dict[str, ResponseUrl] = {}

    def issue(
        self,
        kind: Literal["actions", "commands", "app"],
        channel: str,
        user_id: str,
        message_ts: str | None = None,
        *,
        is_ephemeral: bool = False,
    ) -> str:
        """Return a new URL for responses in `channel`.

        Args:
            kind: what the app responds to; a part of the URL.
            channel: the channel of the responses.
            user_id: the user who acted, and who sees ephemeral responses.
            message_ts: the ts of the message that the user acted on, if any.
            is_ephemeral: whether that message is ephemeral.
        """
        path = f"{kind}/{self._app_id}/{random_hex(13)}/{random_hex(24)}"
        now = self._clock.now()
        self._urls[path] = ResponseUrl(channel, user_id, message_ts, is_ephemeral, now)
        self._drop_expired(now)
        return f"{self._base_url()}/response/{path}"

    def find(self, path: str) -> ResponseUrl | None:
        """Return the URL with this `path`, even if it is used up or expired."""
        return self._urls.get(path)

    def use(self, url: ResponseUrl) -> str:
        """Count a use and return "", or return the error for an expired or used-up URL."""
        if self._clock.now() - url.created_at > URL_LIFETIME:
            return "expired_url"
        if url.use_count >= MAX_USES:
            return "used_url"
        url.use_count += 1
        return ""

    def _drop_expired(self, now: datetime) -> None:
        """Drop the oldest URL an hour after its issue: until then it must return `expired_url`."""
        oldest = next(iter(self._urls))
        if now - self._urls[oldest].created_at > 2 * URL_LIFETIME:
            del self._urls[oldest]
