"""An outage of one method of Slack: logged once, and asked again after growing pauses."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=1)
"""Pauses between attempts. They double, and are short: experts wait for what Slack knows."""


@dataclass(slots=True)
class MethodOutage:
    """Whether a method of Slack fails for everybody, and until when not to call it."""

    method: str
    _failed_at: datetime | None = None
    _pause: timedelta = FIRST_PAUSE

    def is_paused(self, now: datetime) -> bool:
        """Return whether to wait with the next call. A clock that was set back ends the pause."""
        return (
            self._failed_at is not None and self._failed_at <= now < self._failed_at + self._pause
        )

    def begin(self, reason: str, now: datetime) -> None:
        """Record a failure; only the first one is logged."""
        if self._failed_at is None:
            log.warning("%s fails: %s; it is repeated until it works", self.method, reason)
        else:
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
        self._failed_at = now

    def end(self) -> None:
        """Record that Slack has answered."""
        if self._failed_at is not None:
            log.warning("%s works again", self.method)
        self._failed_at, self._pause = None, FIRST_PAUSE
