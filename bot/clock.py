"""The clock of the bot, and an adjustable one for tests and the sandbox."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Returns the current time as an aware UTC datetime."""

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""
        ...

    def on_advance(self, listener: Callable[[], None]) -> None:
        """Call `listener` (from any thread) whenever the clock has been advanced."""
        ...


class WallClock:
    """The system clock. It cannot be advanced."""

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""
        return datetime.now(UTC)

    def on_advance(self, listener: Callable[[], None]) -> None:
        """Do nothing: a wall clock is never advanced."""


class AdjustableClock:
    """A clock that runs like the wall clock from any start and can be advanced.

    Tests and the sandbox share one with the bot, for example to skip a night.
    """

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


def shift_of(clock: Clock) -> timedelta:
    """Return how far a clock was set ahead of the system clock: not at all, except in a sandbox."""
    return timedelta() if isinstance(clock, WallClock) else clock.now() - WallClock().now()


def format_day(day: date) -> str:
    """Format a day as in `Mon 30 Nov`."""
    return f"{day:%a} {day.day} {day:%b}"
