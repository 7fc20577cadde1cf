"""Where both are bad: the better one is kept with that answer alone, and undone like any order."""

from __future__ import annotations

import pytest

from bot.kinds.base import Given, Value, WrongAnswerError
from bot.kinds.better import BEGAN, WRITTEN
from bot.kinds.comparison import COMPARISON, ComparisonSettings
from bot.kinds.label import Preference

SETTINGS = ComparisonSettings()
CONTENT = COMPARISON.example.content
TEXT = "Seven is prime."
BOTH_BAD: Value = {"verdict": "both_bad", "reason": "Neither."}
BETTER: Value = {**BOTH_BAD, WRITTEN: TEXT, BEGAN: "b"}


def read(given: Given, before: Given, settings: ComparisonSettings = SETTINGS) -> Value:
    """Return the value after an answer."""
    reading = COMPARISON.read(given, before, settings, (0, 1))
    assert reading.complete
    return reading.value


def label(value: Value, order: tuple[int, int]) -> Preference:
    """Return the label of an answer."""
    found = COMPARISON.label(CONTENT, value, order)
    assert isinstance(found, Preference)
    return found


def test_it_is_offered_after_both_bad_alone() -> None:
    form = COMPARISON.form(CONTENT, SETTINGS, (0, 1))
    assert form.better_for(BOTH_BAD) is form.better is not None
    assert form.better_for({"verdict": "a"}) is form.better_for({}) is None
    unwanted = ComparisonSettings(write_better=False)
    assert COMPARISON.form(CONTENT, unwanted, (0, 1)).better_for(BOTH_BAD) is None


def test_it_is_written_beside_the_verdict_and_its_reason() -> None:
    assert read({WRITTEN: TEXT, BEGAN: "b"}, BOTH_BAD) == BETTER
    assert read({WRITTEN: "Five.", BEGAN: "b"}, BETTER) == {**BETTER, WRITTEN: "Five."}
    assert read({"reason": "Both are even."}, BETTER) == {**BETTER, "reason": "Both are even."}
    assert read({"verdict": "both_bad"}, BETTER) == BETTER


def test_another_verdict_takes_it_away() -> None:
    assert read({"verdict": "a"}, BETTER) == {"verdict": "a"}


@pytest.mark.parametrize(
    ("given", "before", "field"),
    [
        ({WRITTEN: " ", BEGAN: "a"}, BOTH_BAD, WRITTEN),
        ({WRITTEN: 5, BEGAN: "a"}, BOTH_BAD, WRITTEN),
        ({WRITTEN: "x" * 100_001, BEGAN: "a"}, BOTH_BAD, WRITTEN),
        ({WRITTEN: TEXT}, BOTH_BAD, BEGAN),
        ({WRITTEN: TEXT, BEGAN: "heron-7b"}, BOTH_BAD, BEGAN),
        ({WRITTEN: TEXT, BEGAN: "a"}, {"verdict": "a"}, WRITTEN),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field(given: Given, before: Given, field: str) -> None:
    with pytest.raises(WrongAnswerError) as caught:
        read(given, before)
    assert caught.value.field == field


def test_a_campaign_that_does_not_want_it_takes_none() -> None:
    with pytest.raises(WrongAnswerError):
        read({WRITTEN: TEXT, BEGAN: "a"}, BOTH_BAD, ComparisonSettings(write_better=False))


@pytest.mark.parametrize(
    ("began", "order", "undone"),
    [
        ("a", (0, 1), "left"),
        ("b", (0, 1), "right"),
        ("a", (1, 0), "right"),
        ("b", (1, 0), "left"),
        ("empty", (1, 0), "nothing"),
    ],
)
def test_what_it_began_with_is_told_in_imported_order(
    began: str, order: tuple[int, int], undone: str
) -> None:
    found = label({**BETTER, BEGAN: began}, order)
    assert (found.winner, found.written, found.began) == ("both_bad", TEXT, undone)


def test_without_one_a_label_is_what_it_was() -> None:
    found = label(BOTH_BAD, (1, 0))
    assert (found.written, found.began) == (None, None)


def test_the_receipt_tells_how_long_it_is() -> None:
    assert COMPARISON.receipt(BOTH_BAD, SETTINGS) == "Both bad"
    assert COMPARISON.receipt(BETTER, SETTINGS) == "Both bad, and a better one of 3 words"
