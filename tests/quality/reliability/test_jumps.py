"""Jumps of whole campaigns: found within experts, and rarely where nothing changes."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from bot.quality.reliability.jumps import WeeklyFigure
from bot.quality.reliability.weeks import WeeklyTally
from bot.quality.two_samples import rank_sum_p, stratified_rank_sum_p

MONDAY = date(2026, 3, 2)


def campaign_of(
    figure: WeeklyFigure, *weeks: dict[int, list[float]], items: list[list[float]] | None = None
) -> WeeklyTally:
    """Return a tally of the values of each expert by week, and a later week."""
    tally = WeeklyTally()
    later: dict[int, list[float]] = {1: []}
    for number, values_by_expert in enumerate([*weeks, later]):
        day = MONDAY + timedelta(weeks=number)
        for expert, values in values_by_expert.items():
            tally.add_answers(expert, day)
            for value in values:
                tally.add(expert, figure, day, value)
    for number, values in enumerate(items or []):
        for value in values:
            tally.add_items(MONDAY + timedelta(weeks=number), value)
    return tally


def shares(right: int, total: int) -> list[float]:
    """Return values of which so many are 1."""
    return [1.0] * right + [0.0] * (total - right)


def test_one_stratum_is_the_rank_sum_test_without_correction_for_continuity() -> None:
    sample, other = {1.0: 30, 2.0: 20}, {1.0: 20, 2.0: 30}
    assert stratified_rank_sum_p([(sample, other)]) == pytest.approx(0.0466, abs=1e-3)
    assert rank_sum_p(sample, other) == pytest.approx(0.0472, abs=1e-3)
    assert stratified_rank_sum_p([({1.0: 9}, {1.0: 9})]) == 1


def test_change_that_no_expert_shows_alone_is_a_jump_of_the_campaign() -> None:
    before = {expert: shares(12, 15) for expert in range(1, 9)}
    after = {expert: shares(8, 15) for expert in range(1, 9)}
    found = campaign_of("gold", before, after).last_jumps()
    assert list(found) == [None]
    ((jump,),) = found.values()
    assert (jump.figure, jump.week) == ("gold", MONDAY + timedelta(weeks=1))
    assert [jump.before, jump.after] == pytest.approx([12 / 15, 8 / 15])


def test_other_experts_are_no_jump() -> None:
    """Slow experts answer less and a fast one joins: nobody changed."""
    slow, fast = [60.0, 70.0, 80.0] * 10, [8.0, 9.0, 10.0] * 30
    weeks = {1: slow, 2: slow, 3: fast[:12]}, {1: slow[:3], 3: fast, 4: fast}
    assert campaign_of("pace", *weeks).last_jumps() == {}


def test_agreement_of_a_campaign_is_tested_item_by_item() -> None:
    values = {1: shares(10, 15), 2: shares(10, 15)}
    items = [shares(36, 40), shares(14, 40)]
    found = campaign_of("agreement", values, values, items=items).last_jumps()
    assert [(key, jumps[0].figure) for key, jumps in found.items()] == [(None, "agreement")]


def test_one_expert_alone_is_not_reported_twice() -> None:
    found = campaign_of("gold", {1: shares(28, 30)}, {1: shares(10, 30)}).last_jumps()
    assert list(found) == [1]


def test_false_alarms_are_rarer_than_documented() -> None:
    """Sixty campaigns of three weeks with unequal experts whose figures never change."""
    random = Random(6)  # noqa: S311 - a simulation
    alarms = 0
    for _ in range(60):
        skills = [random.uniform(0.5, 1) for _ in range(5)]
        weeks = [
            {
                expert: [float(random.random() < skill) for _ in range(random.randint(1, 25))]
                for expert, skill in enumerate(skills)
                if random.random() < 0.7
            }
            for _ in range(3)
        ]
        alarms += bool(campaign_of("gold", *weeks).last_jumps())
    assert alarms <= 3
