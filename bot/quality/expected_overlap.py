"""Expected answers of a campaign whose items get more answers only if the first ones conflict."""

from __future__ import annotations

from collections.abc import Mapping

PRIOR_TASKS = 4
PRIOR_SHARE = 0.5
"""Before there are answers, half of the items are expected to need one more at every step; this
counts like four items."""

TaskCounts = Mapping[tuple[int, int], int]
"""Number of tasks by the answers that they want now and the complete answers that they have."""


def expected_answers(counts: TaskCounts, max_overlap: int) -> float:
    """Return how many answers all tasks are expected to have in the end.

    At each number of answers, the share of tasks that needed another one is the hazard of the
    Kaplan-Meier estimator; tasks that do not have that many yet say nothing about it.
    """
    extra = _expected_extra(counts, max_overlap)
    return sum(
        tasks * (overlap + (extra.get(overlap, 0.0) if answers < overlap else 0.0))
        for (overlap, answers), tasks in counts.items()
    )


def _expected_extra(counts: TaskCounts, max_overlap: int) -> dict[int, float]:
    """Return the answers expected beyond each number, before the last of them has arrived."""
    extra = {max_overlap: 0.0}
    lowest = min((overlap for overlap, _ in counts), default=max_overlap)
    for reached in range(max_overlap - 1, lowest - 1, -1):
        extra[reached] = _share_continued(counts, reached) * (1 + extra[reached + 1])
    return extra


def _share_continued(counts: TaskCounts, reached: int) -> float:
    continued = sum(tasks for (overlap, _), tasks in counts.items() if overlap > reached)
    stopped = sum(
        tasks
        for (overlap, answers), tasks in counts.items()
        if overlap == reached and answers >= reached
    )
    return (continued + PRIOR_SHARE * PRIOR_TASKS) / (continued + stopped + PRIOR_TASKS)
