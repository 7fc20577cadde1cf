"""What time it is: one clock for the bot, and one that tests and the sandbox can turn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time as an aware UTC datetime."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    def on_advance(self, listener: Callable[[], None]) -> None:
        """Call `listener` (from any thread) whenever somebody turned the clock."""
        ...


class WallClock:
    """The machine's clock. Nobody can turn it."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)

    def on_advance(self, listener: Callable[[], None]) -> None:
        """Do nothing: a wall clock is never turned."""


class AdjustableClock:
    """A clock that runs like the wall clock from wherever it was set, and can be turned forward.

    Tests and the sandbox share one with the bot: to turn it is how they let a night pass.
    """

    def __init__(self, start: datetime | None = None) -> None:
        """Start at `start` (aware), or at the present moment."""
        wall = datetime.now(UTC)
        self._offset = (start - wall) if start else timedelta()
        self._listeners: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the pretend moment, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def on_advance(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each turn, in the thread that turned the clock."""
        with self._lock:
            self._listeners.append(listener)

    def advance(self, actor: timedelta) -> datetime:
        """Let `by` pass at once and return the new moment.

        Raises:
            ValueError: if `by` is negative; time does not run backwards.
        """
        if actor < timedelta():
            message = f"a clock is only turned forward, not by {actor}"
            raise ValueError(message)
        with self._lock:
            self._offset += actor
            listeners = list(self._listeners)
        for listener in listeners:
            listener()
        return self.now()

    def advance_to(self, moment: datetime) -> datetime:
        """Let time pass until `moment` (aware) and return it."""
        return self.advance(max(moment - self.now(), timedelta()))


def format_day(day: date) -> str:
    """Return a day as people say it: `Mon 30 Nov`."""
    return f"{day:%a} {day.day} {day:%b}"
