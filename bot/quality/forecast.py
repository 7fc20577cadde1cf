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

SAMPLES = 2_000
INTERVAL_COVERAGE = 0.8
"""How much of the drawn futures lies between the early and the late date."""

WINDOW_DAYS = 10
"""Working days looked back: two weeks, so that a new pace shows soon."""

MAX_WORKING_DAYS = 520
"""Working days; what takes longer than two years has no date."""

SEED = 1837
DEFAULT_WORK_DAYS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class AnswerRate:
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
class Speedup:
    """Something that would bring the end nearer: what, and the most likely date then."""

    extra_experts: int
    overlap_reduction: int
    likely: date
    days_sooner: int


def answer_rate(
    counts: Mapping[date, int],
    today: date,
    experts: int,
    weekdays: Collection[int] = DEFAULT_WORK_DAYS,
) -> AnswerRate:
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
        return AnswerRate((counts[today],) if counts.get(today) else (), experts)
    first = max(min(past), today - timedelta(days=WINDOW_DAYS * 7 // len(weekdays)))
    days: list[int] = []
    for day in (first + timedelta(days=ahead) for ahead in range((today - first).days)):
        if day.isoweekday() in weekdays or not days:
            days.append(counts.get(day, 0))
        else:
            days[-1] += counts.get(day, 0)
    return AnswerRate(tuple(days[-WINDOW_DAYS:]), experts)


def forecast_completion(
    rate: AnswerRate,
    remaining: int,
    today: date,
    weekdays: Collection[int] = DEFAULT_WORK_DAYS,
    seed: int = SEED,
) -> Forecast | None:
    """Return when `left` answers will be there, counted from `today`.

    None where nothing says so: nobody answered lately, nothing is left, or it would take years.
    """
    if remaining <= 0 or not sum(rate.days):
        return None
    samples = sorted(_sample_days_needed(rate.days, remaining, Random(seed)))  # noqa: S311 - a forecast is no secret
    tail = round(len(samples) * (1 - INTERVAL_COVERAGE) / 2)
    early, likely, late = samples[tail], samples[len(samples) // 2], samples[-1 - tail]
    if likely > MAX_WORKING_DAYS:
        return None
    ends = [
        add_working_days(today, min(days, MAX_WORKING_DAYS), weekdays)
        for days in (likely, early, late)
    ]
    return Forecast(*ends)


def _sample_days_needed(days: Sequence[int], remaining: int, rng: Random) -> list[float]:
    """Draw how many working days `left` answers take.

    A variance of `spread` times the mean is as if answers came in bouts of `spread` at once: there
    are fewer independent ones, in the past and in what is left. The half is Jeffreys' prior.
    """
    dispersion = _dispersion(days)
    bouts, bouts_left = sum(days) / dispersion + 0.5, max(remaining / dispersion, 1.0)
    rates = [rng.gammavariate(bouts, dispersion / len(days)) for _ in range(SAMPLES)]
    return [
        rng.gammavariate(bouts_left, remaining / bouts_left / max(rate, 1e-9)) for rate in rates
    ]


def _dispersion(days: Sequence[int]) -> float:
    """Return how much wider than Poisson's the days spread, at least 1."""
    return max(1.0, variance(days) / fmean(days)) if len(days) > 1 else 1.0


def add_working_days(
    today: date, days: float, weekdays: Collection[int] = DEFAULT_WORK_DAYS
) -> date:
    """Return the working day on which so many working days are over: 0.4 is today, if it is one."""
    day, elapsed = today, 0
    while day.isoweekday() not in weekdays or elapsed < round(days):
        elapsed += day.isoweekday() in weekdays
        day += timedelta(days=1)
    return day


def find_speedups(
    rate: AnswerRate,
    remaining: int,
    remaining_with_less_overlap: int,
    today: date,
    weekdays: Collection[int] = DEFAULT_WORK_DAYS,
) -> list[Speedup]:
    """Return what would bring the end nearer, and by how much, the most telling first.

    More experts are taken to answer as much as those who are there: a quarter more of them, at
    least one, and twice as many. `left_with_less` is what would be left with one answer less for
    each item; the same as `left` where that is no choice.
    """
    now = forecast_completion(rate, remaining, today, weekdays)
    if now is None or not rate.experts:
        return []
    choices = [
        (more, 0, _remaining_share(remaining, rate.experts, more))
        for more in _extra_expert_counts(rate.experts)
    ]
    if remaining_with_less_overlap < remaining:
        choices.append((0, 1, remaining_with_less_overlap))
    found = [
        _build_speedup(
            now,
            forecast_completion(rate, remaining_then, today, weekdays),
            today,
            extra_experts=experts,
            overlap_reduction=overlap_reduction,
        )
        for experts, overlap_reduction, remaining_then in choices
    ]
    return sorted((one for one in found if one.days_sooner > 0), key=lambda one: one.likely)


def _extra_expert_counts(experts: int) -> list[int]:
    return sorted({max(1, experts // 4), experts})


def _remaining_share(remaining: int, experts: int, extra_experts: int) -> int:
    """Return what those who are there must still do when `more` help them."""
    return -(-remaining * experts // (experts + extra_experts))


def _build_speedup(
    now: Forecast, then: Forecast | None, today: date, *, extra_experts: int, overlap_reduction: int
) -> Speedup:
    likely = then.likely if then else today
    return Speedup(extra_experts, overlap_reduction, likely, (now.likely - likely).days)
