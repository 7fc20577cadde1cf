"""How often somebody is right, and how sure that is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds.label import Demonstration
from bot.quality.gold import Accuracy, accuracy_of, is_correct
from tests.quality.test_votes import preference, rating


def of(right: int, asked: int) -> Accuracy:
    """Return an accuracy where there is one."""
    found = accuracy_of(right, asked)
    assert found is not None
    return found


def test_the_interval_is_wilsons() -> None:
    """The numbers are those of the R package binom: binom.confint(8, 10, methods = "wilson")."""
    found = of(8, 10)
    assert (found.share, found.low, found.high) == pytest.approx((0.8, 0.4902, 0.9433), abs=0.0005)


def test_nobody_is_judged_by_nothing() -> None:
    assert accuracy_of(0, 0) is None


@given(asked=st.integers(1, 500), data=st.data())
def test_the_share_lies_in_its_interval_and_the_interval_between_none_and_all(
    asked: int, data: st.DataObject
) -> None:
    found = of(data.draw(st.integers(0, asked)), asked)
    assert 0 <= found.low <= found.share + 1e-9
    assert found.share - 1e-9 <= found.high <= 1
    assert found.high - found.low > 0


@given(right=st.integers(0, 20), times=st.integers(2, 9))
def test_more_of_the_same_makes_it_surer(right: int, times: int) -> None:
    few, many = of(right, 20), of(right * times, 20 * times)
    assert many.high - many.low < few.high - few.low


def test_a_perfect_beginner_is_not_taken_for_perfect() -> None:
    assert of(3, 3).low < 0.5
    assert of(100, 100).low > 0.95


def test_a_preference_is_right_or_not() -> None:
    assert is_correct(preference("left", 1), preference("left", 3))
    assert not is_correct(preference("tie"), preference("left"))
    assert not is_correct(preference("tie"), preference("both_bad"))


def test_a_rating_may_miss_by_a_point_on_each_criterion() -> None:
    gold = rating(humor=4, clarity=2)
    assert is_correct(rating(humor=5, clarity=1), gold)
    assert not is_correct(rating(humor=4, clarity=4), gold)
    assert not is_correct(rating(humor=4), gold), "a criterion that was not answered is not right"


def test_of_what_is_written_nobody_can_tell() -> None:
    written = Demonstration((), "One.", None)
    assert is_correct(written, written) is None
