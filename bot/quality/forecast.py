"""Forecast: how fast answers arrive, when the last one will, and what would help.

Answers are counted per working day. A day's count is modelled as Poisson with an unknown mean,
overdispersed if the days vary more than that, because people answer in bursts. The days so far give
a gamma distribution of the mean; the mean gives a gamma distribution of the time that the remaining
answers take. Both are sampled many times, so that few days give a wide interval and many days a
narrow one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf
from random import Random
from statistics import fmean, variance

from bot.quality.answer_quotas import AnswerQuotas

SAMPLES = 2_000
INTERVAL_COVERAGE = 0.8
"""Share of the sampled futures between the early and the late date."""

WINDOW_DAYS = 10
"""Working days to look back: two weeks, so that a new rate shows soon."""

MAX_WORKING_DAYS = 520
"""Working days; anything that takes longer than two years has no date."""

SEED = 1837
DEFAULT_WORK_DAYS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class AnswerRate:
    """Answers on each of the last working days, oldest first, and how many experts gave them.

    Answers on other days count for the working day before. `quotas` limit what follows.
    """

    daily_answers: tuple[int, ...]
    experts: int
    quotas: AnswerQuotas | None = None

    @property
    def per_day(self) -> float:
        """Return the mean number of answers per working day."""
        return fmean(self.daily_answers) if self.daily_answers else 0.0


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a campaign will have all its answers: median, and an 80% interval."""

    likely: date
    early: date
    late: date


@dataclass(frozen=True, slots=True)
class Speedup:
    """A change that would end the campaign sooner, and the median date with it."""

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
    """Return the answer rate of a campaign from its answers by day.

    Today's partial count is used only if there is no full day yet. Days before the first answer are
    ignored.

    Args:
        counts: answers by day; days without any may be missing.
        today: the current day.
        experts: how many experts gave those answers.
        weekdays: working days, as ISO numbers.
    """
    active_days = [day for day, count in counts.items() if count and day < today]
    if not active_days:
        return AnswerRate((counts[today],) if counts.get(today) else (), experts)
    first_day = max(min(active_days), today - timedelta(days=WINDOW_DAYS * 7 // len(weekdays)))
    daily_answers: list[int] = []
    for offset in range((today - first_day).days):
        day = first_day + timedelta(days=offset)
        if day.isoweekday() in weekdays or not daily_answers:
            daily_answers.append(counts.get(day, 0))
        else:
            daily_answers[-1] += counts.get(day, 0)
    return AnswerRate(tuple(daily_answers[-WINDOW_DAYS:]), experts)


def forecast_completion(
    rate: AnswerRate,
    remaining: int,
    today: date,
    weekdays: Collection[int] = DEFAULT_WORK_DAYS,
    extra_experts: int = 0,
) -> Forecast | None:
    """Return when `remaining` answers will have arrived, counted from `today`.

    None if there were no answers lately, nothing remains, the experts may not give that many, or it
    would take years. With `extra_experts`, that many more answer as much as the present ones.
    """
    if remaining <= 0 or not sum(rate.daily_answers):
        return None
    answers = _unlimited_answers(rate, remaining, extra_experts)
    if answers is None:
        return None
    most_per_day = rate.quotas.most_per_day(extra_experts) if rate.quotas else inf
    needed = _sample_days_needed(rate.daily_answers, answers, Random(SEED))  # noqa: S311 - not for cryptography
    samples = sorted(max(days, remaining / most_per_day) for days in needed)
    tail = round(len(samples) * (1 - INTERVAL_COVERAGE) / 2)
    early, likely, late = samples[tail], samples[len(samples) // 2], samples[-1 - tail]
    if likely > MAX_WORKING_DAYS:
        return None
    dates = [
        add_working_days(today, min(days, MAX_WORKING_DAYS), weekdays)
        for days in (likely, early, late)
    ]
    return Forecast(*dates)


def _unlimited_answers(rate: AnswerRate, remaining: int, extra_experts: int) -> int | None:
    """Return the answers that the present experts would give, without quotas, until the end."""
    if rate.quotas:
        return rate.quotas.unlimited_answers(remaining, rate.per_day, rate.experts, extra_experts)
    if not extra_experts:
        return remaining
    return -(-remaining * rate.experts // (rate.experts + extra_experts))


def _sample_days_needed(daily_answers: Sequence[int], remaining: int, rng: Random) -> list[float]:
    """Sample how many working days the `remaining` answers take.

    A variance of `dispersion` times the mean is modelled as bursts of `dispersion` answers: there
    are fewer independent events, both in the past and in what remains. The added 0.5 is Jeffreys'
    prior.
    """
    dispersion = _dispersion(daily_answers)
    bursts = sum(daily_answers) / dispersion + 0.5
    remaining_bursts = max(remaining / dispersion, 1.0)
    rates = [rng.gammavariate(bursts, dispersion / len(daily_answers)) for _ in range(SAMPLES)]
    return [
        rng.gammavariate(remaining_bursts, remaining / remaining_bursts / max(rate, 1e-9))
        for rate in rates
    ]


def _dispersion(daily_answers: Sequence[int]) -> float:
    """Return the ratio of the daily counts' variance to their mean, at least 1 as in Poisson."""
    if len(daily_answers) < 2:  # noqa: PLR2004 - a variance needs two values
        return 1.0
    return max(1.0, variance(daily_answers) / fmean(daily_answers))


def add_working_days(
    today: date, days: float, weekdays: Collection[int] = DEFAULT_WORK_DAYS
) -> date:
    """Return the working day on which `days` have passed; 0.4 is today, if it is a working day."""
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
    """Return changes that would end the campaign sooner, the most effective first.

    Additional experts, a quarter of the present number (at least one) or as many again, are assumed
    to answer as much as the present ones. `remaining_with_less_overlap` is what would remain with
    one answer less per item; equal to `remaining` if that is not possible.
    """
    baseline = forecast_completion(rate, remaining, today, weekdays)
    if baseline is None or not rate.experts:
        return []
    changes = [
        (extra_experts, 0, remaining) for extra_experts in _extra_expert_counts(rate.experts)
    ]
    if remaining_with_less_overlap < remaining:
        changes.append((0, 1, remaining_with_less_overlap))
    speedups = [
        _build_speedup(
            baseline,
            forecast_completion(rate, changed_remaining, today, weekdays, extra_experts),
            today,
            extra_experts=extra_experts,
            overlap_reduction=overlap_reduction,
        )
        for extra_experts, overlap_reduction, changed_remaining in changes
    ]
    effective = (speedup for speedup in speedups if speedup.days_sooner > 0)
    return sorted(effective, key=lambda speedup: speedup.likely)


def _extra_expert_counts(experts: int) -> list[int]:
    return sorted({max(1, experts // 4), experts})


def _build_speedup(
    baseline: Forecast,
    changed: Forecast | None,
    today: date,
    *,
    extra_experts: int,
    overlap_reduction: int,
) -> Speedup:
    likely = changed.likely if changed else today
    return Speedup(extra_experts, overlap_reduction, likely, (baseline.likely - likely).days)
