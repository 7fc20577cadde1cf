"""Pace against others and against the expert's own usual time; and repeated items."""

from __future__ import annotations

from bot.kinds.content import Candidate
from bot.kinds.label import Verdict
from bot.quality.reliability.pace import Pace, PaceTally
from bot.quality.reliability.self_consistency import self_consistency


def test_pace_is_compared_with_the_task_and_with_oneself() -> None:
    tally = PaceTally()
    for _ in range(9):
        tally.add(10, [20, 20])
    assert tally.pace() is None
    tally.add(1, [40])
    tally.add(30, [])
    assert tally.pace() == Pace(10, 0.5, hasty_for_task=1, hasty_for_expert=1, timed=11)


def test_time_of_zero_seconds_is_compared_with_nothing() -> None:
    tally = PaceTally()
    for _ in range(10):
        tally.add(0, [0])
    assert tally.pace() == Pace(0, None, hasty_for_task=0, hasty_for_expert=0, timed=10)


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
