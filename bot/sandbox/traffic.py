"""Recorded requests and responses between the app and the sandbox."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

MAX_RECORDS = 10_000
"""How many records are kept; the oldest are dropped."""


@dataclass(frozen=True, slots=True)
class TrafficRecord:
    """One request and its response.

    Attributes:
        direction: `in` for a call of the app, `out` for a delivery to the app.
        kind: the method (`chat.postMessage`), `response_url`, or the type of the payload
            (`block_actions`, `view_submission`, an event's type, a command).
        request: the arguments or the payload.
        response: the response, or the body of the acknowledgment.
        status: the HTTP status; 200 also for an acknowledged envelope, 0 for no response.
        problems: descriptions of what was wrong.
        duration_seconds: time from the request to the response.
        finished_at: when the response was complete, in real time, UTC.
    """

    direction: Literal["in", "out"]
    kind: str
    request: object
    response: object
    status: int
    problems: tuple[str, ...]
    duration_seconds: float
    finished_at: datetime = field(default_factory=lambda: datetime.now(UTC), compare=False)


class Traffic:
    """The records, newest last, and the number of records of each kind so far."""

    def __init__(self) -> None:
        """Start without records."""
        self.records: deque[TrafficRecord] = deque(maxlen=MAX_RECORDS)
        self.counts: Counter[str] = Counter()
        self.total = 0

    def add(self, record: TrafficRecord) -> None:
        """Store and count `record`."""
        self.records.append(record)
        self.counts[record.kind] += 1
        self.total += 1

    def numbered_records(self, after: int = 0) -> Iterator[tuple[int, TrafficRecord]]:
        """Yield the records numbered above `after`, with their numbers, newest first.

        Numbers count from 1 since the start.
        """
        numbers = range(self.total, after, -1)
        yield from zip(numbers, reversed(self.records), strict=False)


def response_problems(response: object) -> tuple[str, ...]:
    """Return the error of a Web API response and its details, empty if it is ok."""
    if not isinstance(response, dict) or response.get("ok", True):
        return ()
    details = response.get("response_metadata", {}).get("messages", ())
    return (str(response.get("error")), *_as_strings(details))


def _as_strings(details: object) -> Sequence[str]:
    return [str(detail) for detail in details] if isinstance(details, list) else []
