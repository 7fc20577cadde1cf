"""Pace against others and against the expert's own usual time; and repeated items."""

from __future__ import annotations

from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from bot.kinds.content import Candidate
from bot.kinds.label import Verdict
from bot.quality.reliability.pace import Pace, PaceTally, medians_of_others
from bot.quality.reliability.self_consistency import self_consistency


def test_pace_is_compared_with_the_task_and_with_oneself() -> None:
    tally = PaceTally()
    for _ in range(9):
        tally.add(10, 20)
    assert tally.pace() is None
    tally.add(1, 40)
    tally.add(30, None)
    assert tally.pace() == Pace(10, 0.5, hasty_for_task=1, hasty_for_expert=1, timed=11)


def test_time_of_zero_seconds_is_compared_with_nothing() -> None:
    tally = PaceTally()
    for _ in range(10):
        tally.add(0, 0)
    assert tally.pace() == Pace(0, None, hasty_for_task=0, hasty_for_expert=0, timed=10)


@given(st.lists(st.integers(0, 300), min_size=1, max_size=8))
def test_median_of_others_is_that_without_the_own_time(times: list[int]) -> None:
    others = [[*times[:index], *times[index + 1 :]] for index in range(len(times))]
    assert medians_of_others(times) == [median(rest) if rest else None for rest in others]


def test_self_consistency_is_corrected_for_chance() -> None:
    text = Candidate("")
    good, bad = Verdict((), text, "good", None), Verdict((), text, "bad", None)
    assert self_consistency([], {}) is None
    steady = self_consistency([(good, good)] * 5 + [(bad, bad)] * 5, {})
    careless = self_consistency([(good, good), (bad, good)] * 5, {})
    assert steady
    assert careless
    assert (steady.correct, steady.total, steady.chance_corrected) == (10, 10, 1)
    assert (careless.correct, careless.total) == (5, 10)
    assert careless.chance_corrected is not None
    assert abs(careless.chance_corrected) < 1e-9
