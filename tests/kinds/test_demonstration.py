"""Demonstration: what is written is kept to the letter, and never too long to keep."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.kinds.base import InvalidAnswerError, InvalidContentError
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.demonstration import DEMONSTRATION, MAX_RESPONSE_CHARS, DemonstrationSettings
from bot.kinds.form import TextField
from bot.kinds.label import Demonstration

QUICK = settings(max_examples=40)

PLAINLY = DemonstrationSettings()
PROMPT = (ConversationTurn("user", "Explain tides."),)
ASKED = Content(PROMPT)


@QUICK
@given(response=st.text(min_size=1).filter(str.strip))
def test_a_response_is_kept_to_the_letter(response: str) -> None:
    reading = DEMONSTRATION.parse_answer({"response": response}, {}, PLAINLY, ())
    assert reading.value == {"response": response}
    assert DEMONSTRATION.to_label(ASKED, reading.value, ()) == Demonstration(PROMPT, response, None)


def test_a_new_response_replaces_the_old_one() -> None:
    reading = DEMONSTRATION.parse_answer({"response": "New."}, {"response": "Old."}, PLAINLY, ())
    assert reading.value == {"response": "New."}


def test_the_longest_response_fits_and_one_letter_more_does_not() -> None:
    assert DEMONSTRATION.parse_answer(
        {"response": "x" * MAX_RESPONSE_CHARS}, {}, PLAINLY, ()
    ).complete
    with pytest.raises(
        InvalidAnswerError, match="ends at 100,000 characters; this one has 100,001"
    ):
        DEMONSTRATION.parse_answer({"response": "x" * (MAX_RESPONSE_CHARS + 1)}, {}, PLAINLY, ())


def test_a_draft_is_shown_and_is_what_one_begins_with() -> None:
    form = DEMONSTRATION.build_form(Content(PROMPT, draft="Water **moves**."), PLAINLY, ())
    assert [(p.key, p.text) for p in form.passages] == [
        ("prompt", "Explain tides."),
        ("draft", "Water **moves**."),
    ]
    (response,) = form.modal_fields
    assert isinstance(response, TextField)
    assert response.initial == "Water **moves**."
    assert form.question == "Improve this draft"


@pytest.mark.parametrize("draft", [None, ""])
def test_without_a_draft_one_begins_with_nothing(draft: str | None) -> None:
    form = DEMONSTRATION.build_form(Content(PROMPT, draft=draft), PLAINLY, ())
    assert [p.key for p in form.passages] == ["prompt"]
    (response,) = form.modal_fields
    assert isinstance(response, TextField)
    assert response.initial == ""
    assert form.question == "Write the ideal response"


def test_the_draft_goes_into_the_label() -> None:
    label = DEMONSTRATION.to_label(Content(PROMPT, draft="Old."), {"response": "New."}, ())
    assert label == Demonstration(PROMPT, "New.", "Old.")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (Content(), "it needs a prompt"),
        (Content(draft="x"), "it needs a prompt"),
        (Content(PROMPT, (Candidate("x"),)), "map a first version to draft"),
    ],
)
def test_what_suits_another_kind_is_refused_with_advice(content: Content, said: str) -> None:
    with pytest.raises(InvalidContentError, match=said):
        DEMONSTRATION.validate_content(content, PLAINLY)


@pytest.mark.parametrize(
    ("response", "said"),
    [("One.", "1 word"), ("One two.", "2 words"), ("x " * 1234, "1,234 words")],
)
def test_the_receipt_counts_words(response: str, said: str) -> None:
    assert DEMONSTRATION.summarize({"response": response}, PLAINLY) == f"your response, {said}"
