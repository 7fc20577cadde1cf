"""Response URLs: five uses within thirty minutes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.clock import Clock
from bot.sandbox.ids import secret

USES = 5
LIFETIME = timedelta(minutes=30)
"""Slack: "up to 5 times within 30 minutes"."""


@dataclass(slots=True)
class ResponseUrl:
    """Where it answers to: a channel, the person who acted, and the message she acted on."""

    channel: str
    person: str
    source: str | None
    ephemeral: bool
    born: datetime
    uses: int = 0


class ResponseUrls:
    """Every response URL given out."""

    def __init__(self, clock: Clock, base: Callable[[], str], app_id: str) -> None:
        """Let URLs under `base` grow old as `clock` says."""
        self._clock = clock
        self._base = base
        self._app_id = app_id
        self._known: dict[str, ResponseUrl] = {}

    def new(
        self,
        kind: Literal["actions", "commands", "app"],
        channel: str,
        person: str,
        source: str | None = None,
        *,
        ephemeral: bool = False,
    ) -> str:
        """Return a URL that answers `person` in `channel`.

        Args:
            kind: what it is the answer to; a part of the URL.
            channel: where answers go.
            person: who acted, and who alone sees ephemeral answers.
            source: the ts of the message that was acted on, if one was.
            ephemeral: whether that message is an ephemeral one.
        """
        path = f"{kind}/{self._app_id}/{secret(13)}/{secret(24)}"
        now = self._clock.now()
        self._known[path] = ResponseUrl(channel, person, source, ephemeral, now)
        self._forget(now)
        return f"{self._base()}/response/{path}"

    def find(self, path: str) -> ResponseUrl | None:
        """Return the URL that ends in `path`, used up or not."""
        return self._known.get(path)

    def use(self, url: ResponseUrl) -> str:
        """Count one use and return "", or return the error of a URL that is spent."""
        if self._clock.now() - url.born > LIFETIME:
            return "expired_url"
        if url.uses >= USES:
            return "used_url"
        url.uses += 1
        return ""

    def _forget(self, now: datetime) -> None:
        """Drop what expired an hour ago: it still has to answer `expired_url` for a while."""
        oldest = next(iter(self._known))
        if now - self._known[oldest].born > 2 * LIFETIME:
            del self._known[oldest]
