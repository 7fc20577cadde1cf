"""Figures by week and jumps: what is found, once, and how rarely nothing is."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from bot.quality.reliability.jumps import WeeklyFigure
from bot.quality.reliability.weeks import WeekFigures, WeeklyTally
from bot.quality.two_samples import fisher_p, rank_sum_p

MONDAY = date(2026, 3, 2)


def tally_of(figure: WeeklyFigure, *weeks: list[float], expert: int = 1) -> WeeklyTally:
    """Return a tally of one expert's values by week, and a later week that completes the last."""
    tally = WeeklyTally()
    for number, values in enumerate([*weeks, []]):
        day = MONDAY + timedelta(weeks=number, days=number % 5)
        tally.add_answers(expert, day)
        for value in values:
            tally.add(expert, figure, day, value)
    return tally


def shares(right: int, total: int) -> list[float]:
    """Return values of which so many are 1."""
    return [1.0] * right + [0.0] * (total - right)


def test_fisher_test_matches_the_published_example() -> None:
    """The tea-tasting experiment (Fisher, 1935), and R: fisher.test(matrix(c(1,9,11,3), 2))."""
    assert fisher_p(3, 4, 1, 4) == pytest.approx(34 / 70)
    assert fisher_p(1, 10, 11, 14) == pytest.approx(0.002759456)


def test_rank_sum_test_matches_the_normal_approximation_with_ties() -> None:
    """Hollander and Wolfe (1973), permeability; R: wilcox.test(exact = FALSE), W = 35."""
    sample = Counter([0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46])
    other = Counter([1.15, 0.88, 0.90, 0.74, 1.21])
    assert rank_sum_p(sample, other) == pytest.approx(0.2446, abs=0.001)
    assert rank_sum_p(Counter([2.0] * 9), Counter([2.0] * 9)) == 1
    assert rank_sum_p(Counter({0.0: 30}), Counter({1.0: 30})) < 1e-8


def test_weeks_start_on_monday_and_have_the_figures_of_their_answers() -> None:
    tally = tally_of("gold", shares(3, 4), shares(1, 4))
    tally.add(2, "pace", MONDAY + timedelta(days=6), 12.0)
    tally.add_answers(2, MONDAY + timedelta(days=6))
    first, second, third = tally.weeks_of(1)
    assert first == WeekFigures(MONDAY, 1, None, 0.75, None, None)
    assert (second.first, second.gold_accuracy) == (MONDAY + timedelta(days=7), 0.25)
    assert third.gold_accuracy is None
    assert tally.weeks()[0] == WeekFigures(MONDAY, 2, None, 0.75, None, 12.0)


@pytest.mark.parametrize(
    ("figure", "before", "after"),
    [
        ("gold", shares(27, 30), shares(9, 30)),
        ("side", shares(15, 30), shares(30, 30)),
        ("agreement", shares(27, 30), shares(12, 30)),
        ("agreement", shares(12, 30), shares(28, 30)),
        ("pace", [20.0, 30.0, 40.0] * 10, [4.0, 5.0, 6.0] * 10),
    ],
)
def test_clear_jump_is_found_in_either_direction(
    figure: WeeklyFigure, before: list[float], after: list[float]
) -> None:
    ((jump,),) = tally_of(figure, before, before, after).last_jumps().values()
    assert (jump.figure, jump.week) == (figure, MONDAY + timedelta(weeks=2))


def test_change_that_lasts_is_one_jump() -> None:
    good, bad = shares(28, 30), shares(12, 30)
    assert tally_of("gold", good, good, bad, bad).last_jumps() == {}
    assert list(tally_of("gold", good, bad, bad, good).last_jumps()) == [1]


def test_week_that_is_not_complete_is_not_tested() -> None:
    tally = tally_of("gold", shares(28, 30), shares(28, 30))
    for value in shares(2, 30):
        tally.add(1, "gold", MONDAY + timedelta(weeks=2), value)
    assert tally.last_jumps() == {}


def test_few_answers_and_small_changes_are_no_jump() -> None:
    assert tally_of("gold", shares(9, 9), shares(0, 9)).last_jumps() == {}
    assert tally_of("gold", shares(2900, 3000), shares(2700, 3000)).last_jumps() == {}
    assert tally_of("pace", [20.0, 21.0] * 200, [15.0, 16.0] * 200).last_jumps() == {}


def test_false_alarms_are_rarer_than_documented() -> None:
    """Forty campaigns of four weeks and three experts whose figures never change."""
    random = Random(4)  # noqa: S311 - a simulation
    alarms = 0
    for _ in range(40):
        tally = WeeklyTally()
        seen = False
        for week in range(5):
            for expert in range(3):
                day = MONDAY + timedelta(weeks=week)
                tally.add_answers(expert, day)
                for _ in range(20):
                    tally.add(expert, "gold", day, int(random.random() < 0.8))
                    tally.add(expert, "side", day, int(random.random() < 0.5))
                    tally.add(expert, "agreement", day, random.choice((0.0, 0.5, 1.0, 1.0)))
                    tally.add(expert, "pace", day, round(random.lognormvariate(3, 1)))
            seen = seen or bool(tally.last_jumps())
        alarms += seen
    assert alarms <= 4
