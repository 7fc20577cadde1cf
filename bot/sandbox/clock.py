"""The clock of the sandbox: what it needs of one, and an adjustable clock of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """A clock that can be read."""

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""
        ...

    def on_advance(self, listener: Callable[[], None]) -> None:
        """Call `listener` (from any thread) whenever the clock has been advanced."""
        ...


class SharedClock(Clock, Protocol):
    """A clock that the sandbox also advances.

    An app with an adjustable clock of its own can share it with the sandbox: any class with these
    four methods will do.
    """

    def advance(self, duration: timedelta, /) -> datetime:
        """Advance the clock by `duration`, which is not negative, and return the new time."""
        ...

    def advance_to(self, moment: datetime, /) -> datetime:
        """Advance the clock to `moment` (aware), unless that is past, and return the time."""
        ...


class AdjustableClock:
    """A clock that runs like the system clock from any start and can be advanced."""

    def __init__(self, start: datetime | None = None) -> None:
        """Start at `start` (aware), or at the current time."""
        self._offset = (start - datetime.now(UTC)) if start else timedelta()
        self._listeners: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the clock's time, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def on_advance(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each advance, in the thread that advanced the clock."""
        with self._lock:
            self._listeners.append(listener)

    def advance(self, duration: timedelta) -> datetime:
        """Advance the clock by `duration` and return the new time.

        Raises:
            ValueError: `duration` is negative.
        """
        if duration < timedelta():
            message = f"a clock can only be advanced, not changed by {duration}"
            raise ValueError(message)
        with self._lock:
            self._offset += duration
            listeners = list(self._listeners)
        for listener in listeners:
            listener()
        return self.now()

    def advance_to(self, moment: datetime) -> datetime:
        """Advance the clock to `moment` (aware), unless that is past, and return the time."""
        return self.advance(max(moment - self.now(), timedelta()))
