"""The better response: offered after “both are bad” only, and mapped back to imported order."""

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


def parse(
    form_input: FormInput, previous: FormInput, settings: ComparisonSettings = SETTINGS
) -> AnswerValue:
    """Return the value of a complete answer."""
    answer = COMPARISON.parse_answer(form_input, previous, settings, (0, 1))
    assert answer.complete
    return answer.value


def to_label(value: AnswerValue, order: tuple[int, int]) -> Preference:
    """Return the label of an answer."""
    label = COMPARISON.to_label(CONTENT, value, order)
    assert isinstance(label, Preference)
    return label


def test_better_response_is_offered_only_after_both_are_bad() -> None:
    form = COMPARISON.build_form(CONTENT, SETTINGS, (0, 1))
    assert form.better_response_for(BOTH_BAD) is form.better_response is not None
    assert form.better_response_for({"verdict": "a"}) is form.better_response_for({}) is None
    disabled = ComparisonSettings(write_better=False)
    assert COMPARISON.build_form(CONTENT, disabled, (0, 1)).better_response_for(BOTH_BAD) is None


def test_better_response_is_stored_with_the_verdict_and_its_reason() -> None:
    assert parse({BETTER_RESPONSE: TEXT, STARTED_FROM: "b"}, BOTH_BAD) == BETTER
    assert parse({BETTER_RESPONSE: "Five.", STARTED_FROM: "b"}, BETTER) == {
        **BETTER,
        BETTER_RESPONSE: "Five.",
    }
    assert parse({"reason": "Both are even."}, BETTER) == {**BETTER, "reason": "Both are even."}
    assert parse({"verdict": "both_bad"}, BETTER) == BETTER


def test_another_verdict_removes_the_better_response() -> None:
    assert parse({"verdict": "a"}, BETTER) == {"verdict": "a"}


@pytest.mark.parametrize(
    ("form_input", "previous", "field"),
    [
        ({BETTER_RESPONSE: " ", STARTED_FROM: "a"}, BOTH_BAD, BETTER_RESPONSE),
        ({BETTER_RESPONSE: 5, STARTED_FROM: "a"}, BOTH_BAD, BETTER_RESPONSE),
        ({BETTER_RESPONSE: "x" * 100_001, STARTED_FROM: "a"}, BOTH_BAD, BETTER_RESPONSE),
        ({BETTER_RESPONSE: TEXT}, BOTH_BAD, STARTED_FROM),
        ({BETTER_RESPONSE: TEXT, STARTED_FROM: "heron-7b"}, BOTH_BAD, STARTED_FROM),
        ({BETTER_RESPONSE: TEXT, STARTED_FROM: "a"}, {"verdict": "a"}, BETTER_RESPONSE),
    ],
)
def test_error_of_an_invalid_better_response_names_its_field(
    form_input: FormInput, previous: FormInput, field: str
) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        parse(form_input, previous)
    assert caught.value.field == field


def test_campaign_without_write_better_rejects_a_better_response() -> None:
    with pytest.raises(InvalidAnswerError):
        parse(
            {BETTER_RESPONSE: TEXT, STARTED_FROM: "a"},
            BOTH_BAD,
            ComparisonSettings(write_better=False),
        )


@pytest.mark.parametrize(
    ("started_from", "order", "imported"),
    [
        ("a", (0, 1), "left"),
        ("b", (0, 1), "right"),
        ("a", (1, 0), "right"),
        ("b", (1, 0), "left"),
        ("blank", (1, 0), "blank"),
    ],
)
def test_starting_point_is_stored_in_imported_order(
    started_from: str, order: tuple[int, int], imported: str
) -> None:
    label = to_label({**BETTER, STARTED_FROM: started_from}, order)
    assert (label.winner, label.better_response) == ("both_bad", TEXT)
    assert label.started_from == imported


def test_label_without_a_better_response_has_no_starting_point() -> None:
    label = to_label(BOTH_BAD, (1, 0))
    assert (label.better_response, label.started_from) == (None, None)


def test_summary_counts_the_words_of_the_better_response() -> None:
    assert COMPARISON.summarize(BOTH_BAD, SETTINGS) == "Both are bad"
    summary = COMPARISON.summarize(BETTER, SETTINGS)
    assert summary == "Both are bad, with a better response (3 words)"
