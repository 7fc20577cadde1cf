"""Pace of an expert: against others on the same tasks, and against the expert's usual time."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

HASTY_SHARE = 0.2
"""An answer is hasty that takes less than this share of the usual time."""

MIN_TIMES = 10
"""Answers with a known time before a pace is reported."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast an expert answers.

    Attributes:
        median_seconds: the expert's median time per answer.
        relative: median of the expert's time as a share of the others' median on the same task;
            0.5 is twice as fast. None with fewer than `MIN_TIMES` such tasks.
        hasty_for_task: answers in less than a fifth of the others' median on the same task.
        hasty_for_expert: answers in less than a fifth of the expert's own median.
        timed: answers with a known time.
    """

    median_seconds: float
    relative: float | None
    hasty_for_task: int
    hasty_for_expert: int
    timed: int


@dataclass(slots=True)
class PaceTally:
    """Collects the times of one expert, in seconds, and their shares of the others' median."""

    seconds: list[float] = field(default_factory=list)
    shares: array[float] = field(default_factory=lambda: array("d"))

    def add(self, seconds: float, usual: float | None) -> None:
        """Add the time of one answer, and the median of others on the same task."""
        self.seconds.append(seconds)
        if usual:
            self.shares.append(seconds / usual)

    def pace(self) -> Pace | None:
        """Return the pace, or None with too few times."""
        if len(self.seconds) < MIN_TIMES:
            return None
        usual = median(self.seconds)
        return Pace(
            median_seconds=usual,
            relative=median(self.shares) if len(self.shares) >= MIN_TIMES else None,
            hasty_for_task=sum(share < HASTY_SHARE for share in self.shares),
            hasty_for_expert=sum(seconds < HASTY_SHARE * usual for seconds in self.seconds),
            timed=len(self.seconds),
        )


def medians_of_others(times: Sequence[float]) -> list[float | None]:
    """Return for each time of a task the median of all others; None for a single one."""
    if len(times) == 1:
        return [None]
    low, high = (len(times) - 2) // 2, (len(times) - 1) // 2  # of the others, sorted
    ordered = sorted(times)
    found: list[float | None] = []
    for time in times:
        rank = ordered.index(time)
        found.append((ordered[low + (rank <= low)] + ordered[high + (rank <= high)]) / 2)
    return found
