"""How quickly answers come, when the last one will be there, and what would help.

Answers are counted by working day. How many come on a day is taken for a Poisson number whose mean
nobody knows, spread wider where the days differ more than that: people answer in bouts. From the
days so far follows how likely each mean is (a gamma distribution), and from the mean how long what
is left takes (another). Both are drawn many times, so that few days give a wide interval and many
days a narrow one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from statistics import fmean, variance

DRAWS = 2_000
LIKELY = 0.8
"""How much of the drawn futures lies between the early and the late date."""

WINDOW = 10
"""Working days looked back: two weeks, so that a new pace shows soon."""

LONGEST = 520
"""Working days; what takes longer than two years has no date."""

SEED = 1837
WEEKDAYS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Pace:
    """Answers on each of the last working days, the oldest first, and how many experts gave them.

    What was answered on other days counts to the working day before.
    """

    days: tuple[int, ...]
    experts: int

    @property
    def per_day(self) -> float:
        """Return the mean of answers a working day."""
        return fmean(self.days) if self.days else 0.0


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a campaign will have all its answers: most likely, and in 8 of 10 cases between."""

    likely: date
    early: date
    late: date


@dataclass(frozen=True, slots=True)
class Help:
    """Something that would bring the end nearer: what, and the most likely date then."""

    experts: int
    less_overlap: int
    likely: date
    days_sooner: int


def pace(
    counts: Mapping[date, int], today: date, experts: int, weekdays: Collection[int] = WEEKDAYS
) -> Pace:
    """Return the pace of a campaign from its answers by day.

    Today counts as far as it went only if there is no full day yet. Days before the first answer
    say nothing.

    Args:
        counts: answers by day; days without any may be missing.
        today: the day that is under way.
        experts: how many gave those answers.
        weekdays: on which work is done, ISO numbers.
    """
    past = [day for day, count in counts.items() if count and day < today]
    if not past:
        return Pace((counts[today],) if counts.get(today) else (), experts)
    first = max(min(past), today - timedelta(days=WINDOW * 7 // len(weekdays)))
    days: list[int] = []
    for day in (first + timedelta(days=ahead) for ahead in range((today - first).days)):
        if day.isoweekday() in weekdays or not days:
            days.append(counts.get(day, 0))
        else:
            days[-1] += counts.get(day, 0)
    return Pace(tuple(days[-WINDOW:]), experts)


def forecast(
    pace: Pace, left: int, today: date, weekdays: Collection[int] = WEEKDAYS, seed: int = SEED
) -> Forecast | None:
    """Return when `left` answers will be there, counted from `today`.

    None where nothing says so: nobody answered lately, nothing is left, or it would take years.
    """
    if left <= 0 or not sum(pace.days):
        return None
    drawn = sorted(_days_needed(pace.days, left, Random(seed)))  # noqa: S311 - a forecast is no secret
    tail = round(len(drawn) * (1 - LIKELY) / 2)
    early, likely, late = drawn[tail], drawn[len(drawn) // 2], drawn[-1 - tail]
    if likely > LONGEST:
        return None
    ends = [ahead(today, min(days, LONGEST), weekdays) for days in (likely, early, late)]
    return Forecast(*ends)


def _days_needed(days: Sequence[int], left: int, chance: Random) -> list[float]:
    """Draw how many working days `left` answers take.

    A variance of `spread` times the mean is as if answers came in bouts of `spread` at once: there
    are fewer independent ones, in the past and in what is left. The half is Jeffreys' prior.
    """
    spread = _spread(days)
    bouts, rest = sum(days) / spread + 0.5, max(left / spread, 1.0)
    rates = [chance.gammavariate(bouts, spread / len(days)) for _ in range(DRAWS)]
    return [chance.gammavariate(rest, left / rest / max(rate, 1e-9)) for rate in rates]


def _spread(days: Sequence[int]) -> float:
    """Return how much wider than Poisson's the days spread, at least 1."""
    return max(1.0, variance(days) / fmean(days)) if len(days) > 1 else 1.0


def ahead(today: date, days: float, weekdays: Collection[int] = WEEKDAYS) -> date:
    """Return the working day on which so many working days are over: 0.4 is today, if it is one."""
    day, over = today, 0
    while day.isoweekday() not in weekdays or over < round(days):
        over += day.isoweekday() in weekdays
        day += timedelta(days=1)
    return day


def helps(
    pace: Pace,
    left: int,
    left_with_less: int,
    today: date,
    weekdays: Collection[int] = WEEKDAYS,
) -> list[Help]:
    """Return what would bring the end nearer, and by how much, the most telling first.

    More experts are taken to answer as much as those who are there: a quarter more of them, at
    least one, and twice as many. `left_with_less` is what would be left with one answer less for
    each item; the same as `left` where that is no choice.
    """
    now = forecast(pace, left, today, weekdays)
    if now is None or not pace.experts:
        return []
    choices = [(more, 0, _shared(left, pace.experts, more)) for more in _more(pace.experts)]
    if left_with_less < left:
        choices.append((0, 1, left_with_less))
    found = [
        _help(now, forecast(pace, rest, today, weekdays), today, experts=experts, less_overlap=less)
        for experts, less, rest in choices
    ]
    return sorted((one for one in found if one.days_sooner > 0), key=lambda one: one.likely)


def _more(experts: int) -> list[int]:
    return sorted({max(1, experts // 4), experts})


def _shared(left: int, experts: int, more: int) -> int:
    """Return what those who are there must still do when `more` help them."""
    return -(-left * experts // (experts + more))


def _help(
    now: Forecast, then: Forecast | None, today: date, *, experts: int, less_overlap: int
) -> Help:
    likely = then.likely if then else today
    return Help(experts, less_overlap, likely, (now.likely - likely).days)
