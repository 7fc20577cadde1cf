"""Growing pauses between calls of a method of Slack that fails for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=1)
"""Pauses between attempts. They double, and are short, because an expert waits for the result."""


@dataclass(slots=True)
class MethodPause:
    """Until when not to call a method."""

    _failed_at: datetime | None = None
    _length: timedelta = FIRST_PAUSE

    def is_active(self, now: datetime) -> bool:
        """Return whether to wait with the next call. A clock that was set back ends the pause."""
        return (
            self._failed_at is not None and self._failed_at <= now < self._failed_at + self._length
        )

    def extend(self, now: datetime) -> None:
        """Begin a pause after a failure, twice as long as the last one."""
        if self._failed_at is not None:
            self._length = min(2 * self._length, LONGEST_PAUSE)
        self._failed_at = now

    def end(self) -> None:
        """Allow calls, because one has succeeded."""
        self._failed_at, self._length = None, FIRST_PAUSE
