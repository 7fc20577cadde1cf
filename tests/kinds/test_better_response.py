"""Where both are bad: the better one is kept with that answer alone, and undone like any order."""

from __future__ import annotations

import pytest

from bot.kinds.base import AnswerValue, FormInput, InvalidAnswerError
from bot.kinds.better_response import BETTER_RESPONSE, STARTED_FROM
from bot.kinds.comparison import COMPARISON, ComparisonSettings
from bot.kinds.label import Preference

SETTINGS = ComparisonSettings()
CONTENT = COMPARISON.example.content
TEXT = "Seven is prime."
BOTH_BAD: AnswerValue = {"verdict": "both_bad", "reason": "Neither."}
BETTER: AnswerValue = {**BOTH_BAD, BETTER_RESPONSE: TEXT, STARTED_FROM: "b"}


def read(
    given: FormInput, before: FormInput, settings: ComparisonSettings = SETTINGS
) -> AnswerValue:
    """Return the value after an answer."""
    reading = COMPARISON.parse_answer(given, before, settings, (0, 1))
    assert reading.complete
    return reading.value


def label(value: AnswerValue, order: tuple[int, int]) -> Preference:
    """Return the label of an answer."""
    found = COMPARISON.to_label(CONTENT, value, order)
    assert isinstance(found, Preference)
    return found


def test_it_is_offered_after_both_bad_alone() -> None:
    form = COMPARISON.build_form(CONTENT, SETTINGS, (0, 1))
    assert form.better_response_for(BOTH_BAD) is form.better_response is not None
    assert form.better_response_for({"verdict": "a"}) is form.better_response_for({}) is None
    unwanted = ComparisonSettings(write_better=False)
    assert COMPARISON.build_form(CONTENT, unwanted, (0, 1)).better_response_for(BOTH_BAD) is None


def test_it_is_written_beside_the_verdict_and_its_reason() -> None:
    assert read({BETTER_RESPONSE: TEXT, STARTED_FROM: "b"}, BOTH_BAD) == BETTER
    assert read({BETTER_RESPONSE: "Five.", STARTED_FROM: "b"}, BETTER) == {
        **BETTER,
        BETTER_RESPONSE: "Five.",
    }
    assert read({"reason": "Both are even."}, BETTER) == {**BETTER, "reason": "Both are even."}
    assert read({"verdict": "both_bad"}, BETTER) == BETTER


def test_another_verdict_takes_it_away() -> None:
    assert read({"verdict": "a"}, BETTER) == {"verdict": "a"}


@pytest.mark.parametrize(
    ("given", "before", "field"),
    [
        ({BETTER_RESPONSE: " ", STARTED_FROM: "a"}, BOTH_BAD, BETTER_RESPONSE),
        ({BETTER_RESPONSE: 5, STARTED_FROM: "a"}, BOTH_BAD, BETTER_RESPONSE),
        ({BETTER_RESPONSE: "x" * 100_001, STARTED_FROM: "a"}, BOTH_BAD, BETTER_RESPONSE),
        ({BETTER_RESPONSE: TEXT}, BOTH_BAD, STARTED_FROM),
        ({BETTER_RESPONSE: TEXT, STARTED_FROM: "heron-7b"}, BOTH_BAD, STARTED_FROM),
        ({BETTER_RESPONSE: TEXT, STARTED_FROM: "a"}, {"verdict": "a"}, BETTER_RESPONSE),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field(
    given: FormInput, before: FormInput, field: str
) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        read(given, before)
    assert caught.value.field == field


def test_a_campaign_that_does_not_want_it_takes_none() -> None:
    with pytest.raises(InvalidAnswerError):
        read(
            {BETTER_RESPONSE: TEXT, STARTED_FROM: "a"},
            BOTH_BAD,
            ComparisonSettings(write_better=False),
        )


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
    found = label({**BETTER, STARTED_FROM: began}, order)
    assert (found.winner, found.better_response, found.started_from) == ("both_bad", TEXT, undone)


def test_without_one_a_label_is_what_it_was() -> None:
    found = label(BOTH_BAD, (1, 0))
    assert (found.better_response, found.started_from) == (None, None)


def test_the_receipt_tells_how_long_it_is() -> None:
    assert COMPARISON.summarize(BOTH_BAD, SETTINGS) == "Both bad"
    assert COMPARISON.summarize(BETTER, SETTINGS) == "Both bad, and a better one of 3 words"
