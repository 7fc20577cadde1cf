"""Faults that tests and the page inject into the sandbox's API, deliveries and sockets."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Literal

from .clock import Clock

INJECTED_FAILURE = "injected failure"
"""The body of responses that fail because of a fault."""

OTHER_ENDPOINTS = frozenset({"response_url", "upload", "download"})
"""What faults can affect in addition to the methods of the Web API."""

FaultKind = Literal[
    "fail",
    "error",
    "ratelimit",
    "slow",
    "drop",
    "lost_ack",
    "duplicate",
    "unfetchable_image",
    "unprocessed_file",
]
PASSIVE_KINDS = frozenset(
    {
        "slow",
        "lost_ack",
        "duplicate",
        "unfetchable_image",
        "unprocessed_file",
    }
)
"""Kinds of faults that do not decide on the response to a call."""


@dataclass(slots=True)
class Fault:
    """A fault that affects the next `times` calls, or every call before `until`.

    `method` is a pattern: the name of a method, `chat.*` for a family, or `*`. For `duplicate` it
    is the type of a delivery, and for `unfetchable_image` a URL.
    """

    method: str
    kind: FaultKind
    times: int
    status: int = 200
    seconds: float = 0.0
    error: str = ""
    is_performed: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CallFaults:
    """What happens to one call: a delay, and then perhaps a failure."""

    delay_seconds: float = 0.0
    failure: Fault | None = None


class Faults:
    """The active faults. May be used from any thread.

    Each fault happens `times` times, once by default. With `for_seconds` it happens to every call
    until the clock of the workspace has advanced by so many seconds.
    """

    def __init__(self, disconnect_sockets: Callable[[str], None], clock: Clock) -> None:
        """Start without faults; `disconnect_sockets` takes a disconnect reason, or "" for none."""
        self._disconnect_sockets = disconnect_sockets
        self._clock = clock
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def fail(  # noqa: PLR0913 - keyword options with defaults
        self,
        method: str,
        status: int = 503,
        times: int = 1,
        *,
        error: str = "",
        is_performed: bool = False,
        for_seconds: float = 0,
    ) -> None:
        """Answer calls of `method` with an HTTP `status` and a body that is not JSON.

        With `error`, the body is JSON with this error. With `is_performed`, the call takes effect
        and only its response is lost. `method` may also be `response_url`, `upload`, `download`,
        a family such as `chat.*`, or `*`.
        """
        fault = Fault(method, "fail", times, status, error=error, is_performed=is_performed)
        self._add(fault, for_seconds)

    def error(
        self,
        method: str,
        error: str,
        times: int = 1,
        *,
        is_performed: bool = False,
        for_seconds: float = 0,
    ) -> None:
        """Answer calls of `method` with `ok: false` and this `error`.

        `*` stands for all methods of the Web API. Another endpoint must be named; its error is
        plain text.
        """
        fault = Fault(method, "error", times, error=error, is_performed=is_performed)
        self._add(fault, for_seconds)

    def ratelimit(
        self, method: str, retry_after: int = 1, times: int = 1, *, for_seconds: float = 0
    ) -> None:
        """Answer calls of `method` with 429 and `retry_after` seconds."""
        self._add(Fault(method, "ratelimit", times, 429, seconds=retry_after), for_seconds)

    def slow(self, method: str, seconds: float, times: int = 1, *, for_seconds: float = 0) -> None:
        """Delay calls of `method` by `seconds` of real time; other faults happen after it."""
        self._add(Fault(method, "slow", times, seconds=seconds), for_seconds)

    def drop(
        self, method: str, times: int = 1, *, is_performed: bool = False, for_seconds: float = 0
    ) -> None:
        """Close the connection of calls of `method` without a response.

        With `is_performed`, the call takes effect first.
        """
        self._add(Fault(method, "drop", times, 0, is_performed=is_performed), for_seconds)

    def lose_acks(self, times: int = 1, *, for_seconds: float = 0) -> None:
        """Discard the app's acknowledgments."""
        self._add(Fault("acks", "lost_ack", times), for_seconds)

    def duplicate(self, delivery: str = "*", times: int = 1, *, for_seconds: float = 0) -> None:
        """Deliver events or interactions twice at once, with the same ids.

        `delivery` is the type of an event (`message`) or payload (`block_actions`), or a command.
        """
        self._add(Fault(delivery, "duplicate", times), for_seconds)

    def make_images_unfetchable(self, url: str, times: int, *, for_seconds: float = 0) -> None:
        """Refuse messages and views that have an image with this `url`, which may end in `*`."""
        self._add(Fault(url, "unfetchable_image", times), for_seconds)

    def delay_file_processing(self, times: int = 1, *, for_seconds: float = 0) -> None:
        """Process no uploaded file: `files.info` does not know its type, and no block shows it.

        `times` counts the calls that ask for a file or show one.
        """
        self._add(Fault("files", "unprocessed_file", times), for_seconds)

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

    def active(self) -> list[Fault]:
        """Return copies of the remaining faults."""
        with self._lock:
            self._drop_expired()
            return [*map(replace, self._faults)]

    def clear_kind(self, kind: str) -> None:
        """Remove the faults of this kind."""
        with self._lock:
            self._faults = [fault for fault in self._faults if fault.kind != kind]

    def take(self, method: str) -> CallFaults:
        """Return what happens to this call of `method`, and count it."""
        if not self._faults:
            return CallFaults()
        with self._lock:
            self._drop_expired()
            matching = [fault for fault in self._faults if _affects_call(fault, method)]
            delays = [fault for fault in matching if fault.kind == "slow"]
            failures = [fault for fault in matching if fault.kind not in PASSIVE_KINDS][:1]
            for fault in (*delays, *failures):
                self._consume(fault)
            return CallFaults(
                sum(fault.seconds for fault in delays), failures[0] if failures else None
            )

    def consume_lost_ack(self) -> bool:
        """Tell whether this acknowledgment is lost, and count it."""
        return self._consume_matching("lost_ack", lambda _fault: True)

    def consume_duplicate(self, delivery: str) -> bool:
        """Tell whether a delivery of this type is sent twice, and count it."""
        return self._consume_matching(
            "duplicate", lambda fault: fnmatchcase(delivery, fault.method)
        )

    def consume_unfetchable(self, url: str) -> bool:
        """Tell whether the image at `url` counts as unfetchable, and count it."""
        return self._consume_matching(
            "unfetchable_image", lambda fault: _matches_url(fault.method, url)
        )

    def consume_unprocessed(self) -> bool:
        """Tell whether a file counts as not processed yet, and count it."""
        return self._consume_matching("unprocessed_file", lambda _fault: True)

    def _consume_matching(self, kind: FaultKind, is_affected: Callable[[Fault], bool]) -> bool:
        if not self._faults:
            return False
        with self._lock:
            self._drop_expired()
            for fault in self._faults:
                if fault.kind == kind and is_affected(fault):
                    self._consume(fault)
                    return True
        return False

    def _consume(self, fault: Fault) -> None:
        if fault.until is None:
            fault.times -= 1
            if fault.times <= 0:
                self._faults = [one for one in self._faults if one is not fault]

    def _drop_expired(self) -> None:
        now = self._clock.now()
        self._faults = [one for one in self._faults if one.until is None or one.until > now]

    def _add(self, fault: Fault, for_seconds: float) -> None:
        if for_seconds:
            fault.until = self._clock.now() + timedelta(seconds=for_seconds)
        with self._lock:
            self._faults.append(fault)


def _affects_call(fault: Fault, method: str) -> bool:
    if fault.kind == "error" and method in OTHER_ENDPOINTS:
        return fault.method == method
    return fnmatchcase(method, fault.method)


def _matches_url(pattern: str, url: str) -> bool:
    if pattern.endswith("*"):
        return url.startswith(pattern.removesuffix("*"))
    return url == pattern
