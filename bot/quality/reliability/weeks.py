"""Figures of experts by week, and jumps: a week that differs from the weeks before.

A week starts on Monday (UTC). It is tested once it is complete: when a later week has answers.

**The rule.** Each figure of an expert is compared with the same expert's weeks before, from their
last jump on, with a two-sided test: Fisher's exact test for shares, the rank-sum test for agreement
and times. The p-values of one week, of all experts and figures, have a false discovery rate of
`RATE` / (k (k + 1)) in the k-th week that is tested (Yoav Benjamini and Yosef Hochberg,
*Controlling the False Discovery Rate*, 1995). These rates sum to at most `RATE`: if nothing
changes, a campaign of any length has a false alarm with a probability of at most 5%. A jump must
also be at least as large as `MIN_CHANGE` or `MIN_RATIO`.

The test assumes that the tasks of a week are like those before. Harder items are a jump, too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from typing import Literal, TypeAlias

from bot.quality.reliability.false_discovery import discoveries
from bot.quality.two_samples import fisher_p, rank_sum_p

RATE = 0.05
"""Highest probability of any false alarm in a campaign in which nothing changes."""

MIN_VALUES = 10
"""Values in a week, and in the weeks before, before they are compared."""

MIN_CHANGE = 0.1
"""Smallest jump of a share, 0 to 1."""

MIN_RATIO = 2.0
"""Smallest jump of the median time, as a ratio of the longer to the shorter."""

MIN_WEEKS = 3
"""One week before the tested one, and one that completes it."""

WeeklyFigure: TypeAlias = Literal["agreement", "gold", "side", "pace"]

SHARES = ("gold", "side")
"""Figures whose values are 0 or 1."""

Values: TypeAlias = Counter[float]
"""How often each value occurs."""

Series: TypeAlias = Mapping[date, Values]
"""Values by week."""


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """Figures of one week; None without a value.

    Attributes:
        first: its Monday.
        answers: number of answers, gold included.
        agreement: mean share of the others' votes on the same item that are equal.
        gold_accuracy: share of gold questions answered correctly.
        first_side: share of preferences for the response that was shown first.
        median_seconds: median time per answer.
    """

    first: date
    answers: int
    agreement: float | None
    gold_accuracy: float | None
    first_side: float | None
    median_seconds: float | None


@dataclass(frozen=True, slots=True)
class Jump:
    """A figure of an expert that differs from the weeks before; `p` is for this test alone.

    Attributes:
        figure: the figure.
        week: the Monday of the week.
        before, after: the figure in the weeks before, and in the week.
    """

    figure: WeeklyFigure
    week: date
    before: float
    after: float
    p: float


@dataclass(slots=True)
class WeeklyTally:
    """Counts the values of each expert by week."""

    answers: defaultdict[int, Counter[date]] = field(default_factory=lambda: defaultdict(Counter))
    values: dict[tuple[int, WeeklyFigure], dict[date, Values]] = field(default_factory=dict)

    def add_answer(self, expert: int, day: date) -> None:
        """Count an answer."""
        self.answers[expert][monday_of(day)] += 1

    def add(self, expert: int, figure: WeeklyFigure, day: date, value: float) -> None:
        """Count a value of an answer: a share, 0 to 1, or seconds."""
        weeks = self.values.setdefault((expert, figure), {})
        weeks.setdefault(monday_of(day), Counter())[value] += 1

    def weeks_of(self, expert: int) -> tuple[WeekFigures, ...]:
        """Return the weeks in which an expert answered, oldest first."""
        return self._weeks([expert])

    def weeks(self) -> tuple[WeekFigures, ...]:
        """Return the weeks in which anybody answered, oldest first."""
        return self._weeks(list(self.answers))

    def _weeks(self, experts: list[int]) -> tuple[WeekFigures, ...]:
        answers: Counter[date] = Counter()
        for expert in experts:
            answers.update(self.answers.get(expert, {}))
        return tuple(
            WeekFigures(
                first=week,
                answers=answers[week],
                agreement=_mean(self._values(experts, "agreement", week)),
                gold_accuracy=_mean(self._values(experts, "gold", week)),
                first_side=_mean(self._values(experts, "side", week)),
                median_seconds=_median(self._values(experts, "pace", week)),
            )
            for week in sorted(answers)
        )

    def _values(self, experts: Iterable[int], figure: WeeklyFigure, week: date) -> Values:
        merged: Values = Counter()
        for expert in experts:
            merged.update(self.values.get((expert, figure), {}).get(week, {}))
        return merged

    def last_jumps(self) -> dict[int, list[Jump]]:
        """Return the jumps in the last complete week, by expert."""
        weeks = sorted({week for counts in self.answers.values() for week in counts})
        if len(weeks) < MIN_WEEKS:
            return {}
        tested = weeks[-2]
        found: dict[int, list[Jump]] = {}
        for (expert, _), jump in find_jumps(self.values, weeks[:-1]).items():
            if jump.week == tested:
                found.setdefault(expert, []).append(jump)
        return found


def monday_of(day: date) -> date:
    """Return the first day of a week."""
    return day - timedelta(days=day.weekday())


def find_jumps(
    series: Mapping[tuple[int, WeeklyFigure], Series], weeks: Iterable[date]
) -> dict[tuple[int, WeeklyFigure], Jump]:
    """Return the last jump of each figure of an expert.

    Args:
        series: values by expert and figure.
        weeks: the complete weeks, oldest first.
    """
    found: dict[tuple[int, WeeklyFigure], Jump] = {}
    tests = 0
    for week in weeks:
        jumps: dict[tuple[int, WeeklyFigure], Jump] = {}
        for key, values in series.items():
            last = found.get(key)
            before: Values = Counter()
            for other, counts in values.items():
                if other < week and (last is None or other >= last.week):
                    before.update(counts)
            jump = _compare(key[1], week, before, values.get(week, Counter()))
            if jump:
                jumps[key] = jump
        if jumps:
            tests += 1
            significant = discoveries(
                {key: jump.p for key, jump in jumps.items()}, RATE / (tests * (tests + 1))
            )
            found.update({key: jumps[key] for key in significant if _is_large(jumps[key])})
    return found


def _compare(figure: WeeklyFigure, week: date, before: Values, after: Values) -> Jump | None:
    if min(before.total(), after.total()) < MIN_VALUES:
        return None
    if figure in SHARES:
        p = fisher_p(after[1], after.total(), before[1], before.total())
    else:
        p = rank_sum_p(after, before)
    center = _median if figure == "pace" else _mean
    return Jump(figure, week, center(before) or 0.0, center(after) or 0.0, p)


def _is_large(jump: Jump) -> bool:
    if jump.figure == "pace":
        shorter, longer = sorted((jump.before, jump.after))
        return longer >= MIN_RATIO * max(shorter, 1.0)
    return abs(jump.after - jump.before) >= MIN_CHANGE


def _mean(values: Values) -> float | None:
    total = values.total()
    return sum(value * count for value, count in values.items()) / total if total else None


def _median(values: Values) -> float | None:
    return median(values.elements()) if values else None
