"""Accuracy on gold questions, and its interval."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds.label import Demonstration
from bot.quality.gold import Accuracy, accuracy_of, is_correct
from tests.quality.test_votes import preference, rating


def accuracy(correct: int, total: int) -> Accuracy:
    """Return the accuracy, which must exist."""
    found = accuracy_of(correct, total)
    assert found is not None
    return found


def test_interval_is_wilson_score() -> None:
    """Expected values: R package binom, binom.confint(8, 10, methods = "wilson")."""
    found = accuracy(8, 10)
    assert (found.share, found.low, found.high) == pytest.approx((0.8, 0.4902, 0.9433), abs=0.0005)


def test_no_gold_answers_give_no_accuracy() -> None:
    assert accuracy_of(0, 0) is None


@given(total=st.integers(1, 500), data=st.data())
def test_share_is_within_interval(total: int, data: st.DataObject) -> None:
    found = accuracy(data.draw(st.integers(0, total)), total)
    assert 0 <= found.low <= found.share + 1e-9
    assert found.share - 1e-9 <= found.high <= 1
    assert found.high - found.low > 0


@given(correct=st.integers(0, 20), times=st.integers(2, 9))
def test_more_answers_narrow_the_interval(correct: int, times: int) -> None:
    few, many = accuracy(correct, 20), accuracy(correct * times, 20 * times)
    assert many.high - many.low < few.high - few.low


def test_few_correct_answers_have_a_low_bound() -> None:
    assert accuracy(3, 3).low < 0.5
    assert accuracy(100, 100).low > 0.95


def test_preference_must_match_gold() -> None:
    assert is_correct(preference("left", 1), preference("left", 3))
    assert not is_correct(preference("tie"), preference("left"))
    assert not is_correct(preference("tie"), preference("both_bad"))


def test_rating_may_differ_by_one_point_per_criterion() -> None:
    gold = rating(humor=4, clarity=2)
    assert is_correct(rating(humor=5, clarity=1), gold)
    assert not is_correct(rating(humor=4, clarity=4), gold)
    assert not is_correct(rating(humor=4), gold), "a missing criterion is wrong"


def test_written_responses_cannot_be_checked() -> None:
    written = Demonstration((), "One.", None)
    assert is_correct(written, written) is None
