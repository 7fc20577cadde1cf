"""Response URLs: five uses within thirty minutes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.clock import Clock
from bot.sandbox.ids import random_hex

MAX_USES = 5
URL_LIFETIME = timedelta(minutes=30)
"""Slack: "up to 5 times within 30 minutes"."""


@dataclass(slots=True)
class ResponseUrl:
    """Where it answers to: a channel, the person who acted, and the message she acted on."""

    channel: str
    user_id: str
    message_ts: str | None
    is_ephemeral: bool
    created_at: datetime
    use_count: int = 0


class ResponseUrls:
    """Every response URL given out."""

    def __init__(self, clock: Clock, base: Callable[[], str], app_id: str) -> None:
        """Let URLs under `base` grow old as `clock` says."""
        self._clock = clock
        self._base_url = base
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
        """Return a URL that answers `person` in `channel`.

        Args:
            kind: what it is the answer to; a part of the URL.
            channel: where answers go.
            person: who acted, and who alone sees ephemeral answers.
            source: the ts of the message that was acted on, if one was.
            ephemeral: whether that message is an ephemeral one.
        """
        path = f"{kind}/{self._app_id}/{random_hex(13)}/{random_hex(24)}"
        now = self._clock.now()
        self._urls[path] = ResponseUrl(channel, user_id, message_ts, is_ephemeral, now)
        self._drop_expired(now)
        return f"{self._base_url()}/response/{path}"

    def find(self, path: str) -> ResponseUrl | None:
        """Return the URL that ends in `path`, used up or not."""
        return self._urls.get(path)

    def use(self, url: ResponseUrl) -> str:
        """Count one use and return "", or return the error of a URL that is spent."""
        if self._clock.now() - url.created_at > URL_LIFETIME:
            return "expired_url"
        if url.use_count >= MAX_USES:
            return "used_url"
        url.use_count += 1
        return ""

    def _drop_expired(self, now: datetime) -> None:
        """Drop what expired an hour ago: it still has to answer `expired_url` for a while."""
        oldest = next(iter(self._urls))
        if now - self._urls[oldest].created_at > 2 * URL_LIFETIME:
            del self._urls[oldest]
