"""Quotas in forecasts, compared with a simulation in small steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quality.answer_quotas import AnswerQuotas, ExpertQuota
from bot.quality.forecast import AnswerRate, find_speedups, forecast_completion

MONDAY = date(2026, 3, 2)
STEADY = AnswerRate((20,) * 10, experts=2)
"""Two experts who give ten answers a day each."""


def quotas(*left: float, per_expert: float = inf, per_day: float = inf) -> AnswerQuotas:
    """Return the quotas of experts with equal shares."""
    experts = tuple(ExpertQuota(1 / len(left), count) for count in left)
    return AnswerQuotas(experts, per_expert, per_day)


def simulate(experts: list[tuple[int, int]], remaining: int, steps: int) -> float | None:
    """Return after how many answers without quotas `remaining` are there with them."""
    total = sum(share for share, _left in experts)
    for step in range(steps):
        given = sum(min(step * share / total, left) for share, left in experts)
        if given >= remaining:
            return step
    return None


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 60)), min_size=1, max_size=5),
    st.integers(1, 150),
)
def test_experts_stop_when_their_quota_ends(experts: list[tuple[int, int]], remaining: int) -> None:
    total = sum(share for share, _left in experts)
    found = AnswerQuotas(
        tuple(ExpertQuota(share / total, left) for share, left in experts)
    ).unlimited_answers(remaining, per_day=20, active=len(experts))
    expected = simulate(experts, remaining, 60 * 45 + 2)
    if expected is None:
        assert found is None
    else:
        assert found == pytest.approx(expected, abs=1)


def test_without_quotas_nothing_changes() -> None:
    limited = replace(STEADY, quotas=quotas(inf, inf))
    assert forecast_completion(limited, 200, MONDAY) == forecast_completion(STEADY, 200, MONDAY)
    assert find_speedups(limited, 200, 150, MONDAY) == find_speedups(STEADY, 200, 150, MONDAY)


def test_campaign_takes_longer_once_an_expert_has_given_all() -> None:
    plain = forecast_completion(STEADY, 200, MONDAY)
    slower = forecast_completion(replace(STEADY, quotas=quotas(50, 500)), 200, MONDAY)
    assert plain
    assert slower
    assert plain.likely == date(2026, 3, 16)
    assert slower.likely == date(2026, 3, 23)  # 15 days instead of 10


def test_daily_quota_bounds_the_rate() -> None:
    limited = replace(STEADY, quotas=quotas(inf, inf, per_day=5))
    found = forecast_completion(limited, 200, MONDAY)
    assert found
    fastest = date(2026, 3, 30)  # after 20 days of 10 answers
    assert (found.early, found.likely) == (fastest, fastest)


def test_no_date_is_known_if_the_quotas_do_not_suffice() -> None:
    limited = replace(STEADY, quotas=quotas(50, 100))
    assert forecast_completion(limited, 151, MONDAY) is None
    assert forecast_completion(limited, 150, MONDAY)
    assert limited.quotas
    assert limited.quotas.answers_left == 150


def test_more_experts_bring_a_quota_of_their_own() -> None:
    limited = replace(STEADY, quotas=quotas(100, 100, per_expert=10, per_day=20))
    (most, *_rest) = find_speedups(limited, 200, 200, MONDAY)
    (unlimited, *_others) = find_speedups(STEADY, 200, 200, MONDAY)
    assert 0 < most.days_sooner < unlimited.days_sooner
