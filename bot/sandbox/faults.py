"""Bad days of Slack, made to order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong `times` more times with calls of one method."""

    method: str
    kind: Literal["fail", "error", "ratelimit", "slow", "lost"]
    times: int
    status: int = 200
    seconds: float = 0.0
    error: str = ""
    is_performed: bool = False


class Faults:
    """What goes wrong next. Safe to call from any thread."""

    def __init__(self, drop: Callable[[str], None]) -> None:
        """Start without faults; `drop` ends the open sockets, with a disconnect reason or ""."""
        self._drop = drop
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._lost_acks = 0

    def fail(
        self, method: str, status: int = 503, times: int = 1, *, is_performed: bool = False
    ) -> None:
        """Answer the next calls of `method` with an HTTP `status` and a body that is not JSON.

        With `performed`, Slack does what was asked and only the answer is lost.
        `method` may also be `response_url`, `upload` or `*`.
        """
        self._add(Fault(method, "fail", times, status=status, is_performed=is_performed))

    def error(self, method: str, error: str, times: int = 1) -> None:
        """Answer the next calls of `method` with `ok: false` and this `error`."""
        self._add(Fault(method, "error", times, error=error))

    def ratelimit(self, method: str, retry_after: int = 1, times: int = 1) -> None:
        """Answer the next calls of `method` with 429 and `Retry-After`, in seconds."""
        self._add(Fault(method, "ratelimit", times, status=429, seconds=retry_after))

    def slow(self, method: str, seconds: float, times: int = 1) -> None:
        """Let the next calls of `method` take `seconds` longer, by the wall clock."""
        self._add(Fault(method, "slow", times, seconds=seconds))

    def lose_acks(self, times: int = 1) -> None:
        """Lose the app's next acknowledgements on their way to Slack."""
        with self._lock:
            self._lost_acks += times

    def drop_sockets(self) -> None:
        """End every open Socket Mode connection without a word."""
        self._drop("")

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every Socket Mode connection to be made anew.

        `reason` is `warning`, `refresh_requested` or `link_disabled`.
        """
        self._drop(reason)

    def clear(self) -> None:
        """Let everything go right again."""
        with self._lock:
            self._faults.clear()
            self._lost_acks = 0

    def active(self) -> list[Fault]:
        """Return what is still to go wrong; lost acknowledgements are a fault of kind `lost`."""
        with self._lock:
            lost = [Fault("acknowledgements", "lost", self._lost_acks)] if self._lost_acks else []
            return [*map(replace, self._faults), *lost]

    def clear_kind(self, kind: str) -> None:
        """Let what goes wrong in this way go right again."""
        with self._lock:
            self._faults = [fault for fault in self._faults if fault.kind != kind]
            if kind == "lost":
                self._lost_acks = 0

    def take(self, method: str) -> Fault | None:
        """Return the fault that befalls this call of `method`, if one does."""
        if not self._faults:
            return None
        with self._lock:
            for fault in self._faults:
                if fault.method in {method, "*"}:
                    return self._consume(fault)
        return None

    def consume_lost_ack(self) -> bool:
        """Tell whether this acknowledgement is lost."""
        if not self._lost_acks:
            return False
        with self._lock:
            self._lost_acks -= 1
        return True

    def _consume(self, fault: Fault) -> Fault:
        fault.times -= 1
        if fault.times <= 0:
            self._faults.remove(fault)
        return fault

    def _add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)
