"""What went over the wire, kept for whoever wants to look at it afterwards."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

MAX_RECORDS = 10_000
"""How many records are kept; the oldest go first."""


@dataclass(frozen=True, slots=True)
class TrafficRecord:
    """One request and its response.

    Attributes:
        direction: `in` for what the app asked of Slack, `out` for what Slack sent to the app.
        kind: the method (`chat.postMessage`), `response_url`, or what was delivered
            (`block_actions`, `view_submission`, an event's type, a command).
        request: the arguments, or the payload.
        response: the answer, or the body of the acknowledgement.
        status: the HTTP status; 200 also for an acknowledged envelope, 0 for none at all.
        problems: what was wrong, in words.
        took: seconds from the request to the response.
        at: when the response was there, by the wall clock, in UTC.
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
    """All the records, newest last, and how many there were of each kind."""

    def __init__(self) -> None:
        """Start with none."""
        self.records: deque[TrafficRecord] = deque(maxlen=MAX_RECORDS)
        self.counts: Counter[str] = Counter()
        self.total = 0

    def add(self, record: TrafficRecord) -> None:
        """Keep `record` and count it."""
        self.records.append(record)
        self.counts[record.kind] += 1
        self.total += 1

    def numbered_records(self, after: int = 0) -> Iterator[tuple[int, TrafficRecord]]:
        """Yield the records that came later than number `after`, with their numbers, newest first.

        The first record of all has number 1.
        """
        numbers = range(self.total, after, -1)
        yield from zip(numbers, reversed(self.records), strict=False)


def response_problems(response: object) -> tuple[str, ...]:
    """Return what an `answer` of the Web API complains about, in words."""
    if not isinstance(response, dict) or response.get("ok", True):
        return ()
    details = response.get("response_metadata", {}).get("messages", ())
    return (str(response.get("error")), *_as_strings(details))


def _as_strings(details: object) -> Sequence[str]:
    return [str(detail) for detail in details] if isinstance(details, list) else []
