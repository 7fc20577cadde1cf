"""Agreement over time: the days of a campaign, merged into a few periods."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot.quality.agreement.agreement import Agreement, agreement_of
from bot.quality.agreement.tally import Tally
from bot.quality.votes import VoteValue

MAX_PERIODS = 10


@dataclass(frozen=True, slots=True)
class Period:
    """A part of a campaign.

    Attributes:
        first, last: its days (UTC).
        answers: number of answers to items whose last answer is in the period.
        questions: agreement by question.
    """

    first: date
    last: date
    answers: int
    questions: Mapping[str, Agreement]


@dataclass(slots=True)
class DailyTallies:
    """Tallies by day and question. An item belongs to the day of its last answer."""

    days: defaultdict[date, dict[str, Tally]] = field(default_factory=lambda: defaultdict(dict))
    answers: Counter[date] = field(default_factory=Counter)

    def add(
        self,
        day: date,
        answers: int,
        units: Mapping[str, Iterable[Iterable[VoteValue]]],
        tallies: Mapping[str, Tally],
        items: int = 1,
    ) -> None:
        """Count so many items with the same answers: how many, and their units by question.

        `tallies` are those of all days.
        """
        self.answers[day] += answers * items
        for question, item_units in units.items():
            if question not in self.days[day]:
                self.days[day][question] = replace(tallies[question], profiles=Counter())
            self.days[day][question].add_same(item_units, items)

    def periods(self) -> Iterator[Period]:
        """Yield at most `MAX_PERIODS` periods of equally many days; those without answers too."""
        if not self.answers:
            return
        first, last = min(self.answers), max(self.answers)
        days = (last - first).days + 1
        length = -(-days // MAX_PERIODS)
        for offset in range(0, days, length):
            start = first + timedelta(days=offset)
            end = min(start + timedelta(days=length - 1), last)
            yield self._period(start, end)

    def _period(self, start: date, end: date) -> Period:
        merged: dict[str, Tally] = {}
        for day in [day for day in self.days if start <= day <= end]:
            for question, tally in self.days[day].items():
                total = merged.setdefault(question, replace(tally, profiles=Counter()))
                total.profiles.update(tally.profiles)
        return Period(
            start,
            end,
            sum(count for day, count in self.answers.items() if start <= day <= end),
            {question: agreement_of(tally) for question, tally in merged.items()},
        )
