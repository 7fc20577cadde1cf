"""Jumps: a week of an expert, or of a whole campaign, that differs from the weeks before.

A week starts on Monday (UTC). It is tested once it is complete: when a later week has answers.

**The rule.** Each figure of an expert is compared with the same expert's weeks before, from their
last jump on, with a two-sided test: Fisher's exact test for shares, the rank-sum test for agreement
and times. Figures of the campaign are compared within experts, so that it does not matter who
answers most in a week; agreement is compared item by item, because the answers to an item depend
on each other.

The p-values of one week, of all experts, the campaign and all figures, have a false discovery rate
of `RATE` / (k (k + 1)) in the k-th week that is tested (Yoav Benjamini and Yosef Hochberg,
*Controlling the False Discovery Rate*, 1995). These rates sum to at most `RATE`: if nothing
changes, a campaign of any length has a false alarm with a probability of at most 5%. A jump must
also be at least as large as `MIN_CHANGE` or `MIN_RATIO`.

The test assumes that the tasks of a week are like those before. Harder items are a jump, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Literal, TypeAlias

from bot.quality.reliability.false_discovery import discoveries
from bot.quality.two_samples import fisher_p, rank_sum_p, stratified_rank_sum_p

RATE = 0.05
"""Highest probability of any false alarm in a campaign in which nothing changes."""

MIN_VALUES = 10
"""Values in a week, and in the weeks before, before they are compared."""

MIN_CHANGE = 0.1
"""Smallest jump of a share, 0 to 1."""

MIN_RATIO = 2.0
"""Smallest jump of the median time, as a ratio of the longer to the shorter."""

WeeklyFigure: TypeAlias = Literal["agreement", "gold", "side", "pace"]

SHARES = ("gold", "side")
"""Figures whose values are 0 or 1."""

Values: TypeAlias = Counter[float]
"""How often each value occurs."""

Series: TypeAlias = Mapping[date, Values]
"""Values by week."""

Strata: TypeAlias = Sequence[Series]
"""The series of one expert, or one for each expert of a campaign."""

JumpKey: TypeAlias = tuple[int | None, WeeklyFigure]
"""An expert, or None for the campaign, and a figure."""


@dataclass(frozen=True, slots=True)
class Jump:
    """A figure of an expert or campaign that differs from the weeks before.

    Attributes:
        figure: the figure.
        week: the Monday of the week.
        before, after: the figure in the weeks before, and in the week.
        p: p-value of this test alone.
    """

    figure: WeeklyFigure
    week: date
    before: float
    after: float
    p: float


def find_jumps(strata: Mapping[JumpKey, Strata], weeks: Iterable[date]) -> dict[JumpKey, Jump]:
    """Return the last jump of each figure.

    Args:
        strata: values by expert and figure.
        weeks: the complete weeks, oldest first.
    """
    found: dict[JumpKey, Jump] = {}
    tests = 0
    for week in weeks:
        jumps: dict[JumpKey, Jump] = {}
        for key, series in strata.items():
            last = found.get(key)
            jump = _compare(key[1], series, week, last.week if last else None)
            if jump:
                jumps[key] = jump
        if jumps:
            tests += 1
            significant = discoveries(
                {key: jump.p for key, jump in jumps.items()}, RATE / (tests * (tests + 1))
            )
            found |= {
                key: jump for key, jump in jumps.items() if key in significant and _is_large(jump)
            }
    return found


def _compare(figure: WeeklyFigure, strata: Strata, week: date, since: date | None) -> Jump | None:
    """Return the difference of a week from the weeks before, None if there are too few values."""
    samples = [
        (series[week], before)
        for series in strata
        if series.get(week) and (before := _values_before(series, week, since))
    ]
    after, before = _merge(one for one, _ in samples), _merge(other for _, other in samples)
    if min(after.total(), before.total()) < MIN_VALUES:
        return None
    center = median_of if figure == "pace" else mean_of
    return Jump(
        figure, week, center(before) or 0.0, center(after) or 0.0, _p_value(figure, samples)
    )


def _merge(samples: Iterable[Values]) -> Values:
    merged: Values = Counter()
    for values in samples:
        merged.update(values)
    return merged


def _values_before(series: Series, week: date, since: date | None) -> Values:
    return _merge(
        counts
        for other, counts in series.items()
        if other < week and (since is None or other >= since)
    )


def _p_value(figure: WeeklyFigure, samples: Sequence[tuple[Values, Values]]) -> float:
    if len(samples) > 1:
        return stratified_rank_sum_p(samples)
    ((after, before),) = samples
    if figure in SHARES:
        return fisher_p(after[1], after.total(), before[1], before.total())
    return rank_sum_p(after, before)


def _is_large(jump: Jump) -> bool:
    if jump.figure == "pace":
        shorter, longer = sorted((jump.before, jump.after))
        return longer >= MIN_RATIO * max(shorter, 1.0)
    return abs(jump.after - jump.before) >= MIN_CHANGE


def mean_of(values: Values) -> float | None:
    """Return the mean, None without values."""
    total = values.total()
    return sum(value * count for value, count in values.items()) / total if total else None


def median_of(values: Values) -> float | None:
    """Return the median, None without values."""
    return median(values.elements()) if values else None
