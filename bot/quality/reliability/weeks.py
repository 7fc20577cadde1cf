"""Figures of experts and of a campaign by week. A week starts on Monday (UTC)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from bot.quality.reliability.jumps import (
    Jump,
    JumpKey,
    Series,
    Strata,
    Values,
    WeeklyFigure,
    find_jumps,
    mean_of,
    median_of,
)

CACHED_DAYS = 4_096
"""Days whose Monday is kept: eleven years."""

MIN_WEEKS = 3
"""One week before the tested one, and one that completes it."""


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


@dataclass(slots=True)
class WeeklyTally:
    """Counts the values of each expert by week, and the agreement of each item."""

    answers: defaultdict[int, Counter[date]] = field(default_factory=lambda: defaultdict(Counter))
    values: dict[tuple[int, WeeklyFigure], dict[date, Values]] = field(default_factory=dict)
    items: dict[date, Values] = field(default_factory=dict)

    def add_answers(self, expert: int, day: date, answers: int = 1) -> None:
        """Count so many answers of a day, or of its week."""
        self.answers[expert][monday_of(day)] += answers

    def add(
        self, expert: int, figure: WeeklyFigure, day: date, value: float, answers: int = 1
    ) -> None:
        """Count a value of so many answers: a share, 0 to 1, or seconds."""
        weeks = self.values.setdefault((expert, figure), {})
        week = monday_of(day)
        if week not in weeks:
            weeks[week] = Counter()
        weeks[week][value] += answers

    def add_items(self, day: date, agreement: float, items: int = 1) -> None:
        """Count items: the share of equal pairs of their answers, on the day of the last one."""
        self.items.setdefault(monday_of(day), Counter())[agreement] += items

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
                agreement=mean_of(self._values(experts, "agreement", week)),
                gold_accuracy=mean_of(self._values(experts, "gold", week)),
                first_side=mean_of(self._values(experts, "side", week)),
                median_seconds=median_of(self._values(experts, "pace", week)),
            )
            for week in sorted(answers)
        )

    def _values(self, experts: Iterable[int], figure: WeeklyFigure, week: date) -> Values:
        merged: Values = Counter()
        for expert in experts:
            merged.update(self.values.get((expert, figure), {}).get(week, {}))
        return merged

    def last_jumps(self) -> dict[int | None, list[Jump]]:
        """Return the jumps in the last complete week by expert; None stands for the campaign."""
        weeks = sorted({week for counts in self.answers.values() for week in counts})
        if len(weeks) < MIN_WEEKS:
            return {}
        tested = weeks[-2]
        found: dict[int | None, list[Jump]] = {}
        for (subject, _), jump in find_jumps(self._strata(), weeks[:-1]).items():
            if jump.week == tested:
                found.setdefault(subject, []).append(jump)
        return found

    def _strata(self) -> dict[JumpKey, Strata]:
        """Return the values of each expert, and of the campaign if several experts have any."""
        strata: dict[JumpKey, Strata] = {key: [series] for key, series in self.values.items()}
        by_figure: defaultdict[WeeklyFigure, list[Series]] = defaultdict(list)
        for (_, figure), series in self.values.items():
            by_figure[figure].append(series)
        for figure, every in by_figure.items():
            if len(every) > 1:
                strata[None, figure] = [self.items] if figure == "agreement" else every
        return strata


@lru_cache(maxsize=CACHED_DAYS)
def monday_of(day: date) -> date:
    """Return the first day of a week."""
    return day - timedelta(days=day.weekday())
