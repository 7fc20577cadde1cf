"""Faults that tests and the page inject into the sandbox's API, deliveries and sockets."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

INJECTED_FAILURE = "injected failure"
"""The body of responses that fail because of a fault."""


@dataclass(slots=True)
class Fault:
    """A fault that affects the next `times` calls of one method."""

    method: str
    kind: Literal["fail", "error", "ratelimit", "slow", "lost_ack"]
    times: int
    status: int = 200
    seconds: float = 0.0
    error: str = ""
    is_performed: bool = False


class Faults:
    """The active faults. May be used from any thread."""

    def __init__(self, disconnect_sockets: Callable[[str], None]) -> None:
        """Start without faults; `disconnect_sockets` takes a disconnect reason, or "" for none."""
        self._disconnect_sockets = disconnect_sockets
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._lost_acks = 0

    def fail(
        self, method: str, status: int = 503, times: int = 1, *, is_performed: bool = False
    ) -> None:
        """Answer the next calls of `method` with an HTTP `status` and a body that is not JSON.

        With `is_performed`, the call takes effect and only its response is lost.
        `method` may also be `response_url`, `upload` or `*`.
        """
        self._add(Fault(method, "fail", times, status=status, is_performed=is_performed))

    def error(self, method: str, error: str, times: int = 1) -> None:
        """Answer the next calls of `method` with `ok: false` and this `error`."""
        self._add(Fault(method, "error", times, error=error))

    def ratelimit(self, method: str, retry_after: int = 1, times: int = 1) -> None:
        """Answer the next calls of `method` with 429 and `retry_after` seconds."""
        self._add(Fault(method, "ratelimit", times, status=429, seconds=retry_after))

    def slow(self, method: str, seconds: float, times: int = 1) -> None:
        """Delay the next calls of `method` by `seconds` of real time."""
        self._add(Fault(method, "slow", times, seconds=seconds))

    def lose_acks(self, times: int = 1) -> None:
        """Discard the app's next `times` acknowledgments."""
        with self._lock:
            self._lost_acks += times

    def drop_sockets(self) -> None:
        """Close every Socket Mode connection without a disconnect message."""
        self._disconnect_sockets("")

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell the app to reconnect every Socket Mode connection.

        `reason` is `warning`, `refresh_requested` or `link_disabled`.
        """
        self._disconnect_sockets(reason)

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._faults.clear()
            self._lost_acks = 0

    def active(self) -> list[Fault]:
        """Return copies of the remaining faults; lost acknowledgments have the kind `lost_ack`."""
        with self._lock:
            lost_acks = [Fault("acks", "lost_ack", self._lost_acks)] if self._lost_acks else []
            return [*map(replace, self._faults), *lost_acks]

    def clear_kind(self, kind: str) -> None:
        """Remove the faults of this kind."""
        with self._lock:
            self._faults = [fault for fault in self._faults if fault.kind != kind]
            if kind == "lost_ack":
                self._lost_acks = 0

    def take(self, method: str) -> Fault | None:
        """Return the fault for this call of `method`, if there is one, and count it."""
        if not self._faults:
            return None
        with self._lock:
            for fault in self._faults:
                if fault.method in {method, "*"}:
                    return self._consume(fault)
        return None

    def consume_lost_ack(self) -> bool:
        """Tell whether this acknowledgment is lost, and count it."""
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
