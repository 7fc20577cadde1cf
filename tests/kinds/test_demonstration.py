"""Demonstration: responses are stored unchanged, up to the maximum length."""

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

SETTINGS = DemonstrationSettings()
PROMPT = (ConversationTurn("user", "Explain tides."),)
CONTENT = Content(PROMPT)


@QUICK
@given(response=st.text(min_size=1).filter(str.strip))
def test_response_is_stored_unchanged(response: str) -> None:
    answer = DEMONSTRATION.parse_answer({"response": response}, {}, SETTINGS, ())
    assert answer.value == {"response": response}
    assert DEMONSTRATION.to_label(CONTENT, answer.value, ()) == Demonstration(
        PROMPT, response, None
    )


def test_new_response_replaces_the_previous_one() -> None:
    answer = DEMONSTRATION.parse_answer({"response": "New."}, {"response": "Old."}, SETTINGS, ())
    assert answer.value == {"response": "New."}


def test_response_longer_than_the_maximum_is_rejected() -> None:
    assert DEMONSTRATION.parse_answer(
        {"response": "x" * MAX_RESPONSE_CHARS}, {}, SETTINGS, ()
    ).complete
    with pytest.raises(InvalidAnswerError, match="up to 100,000 characters; yours has 100,001"):
        DEMONSTRATION.parse_answer({"response": "x" * (MAX_RESPONSE_CHARS + 1)}, {}, SETTINGS, ())


def test_draft_is_shown_and_fills_the_response_field() -> None:
    form = DEMONSTRATION.build_form(Content(PROMPT, draft="Water **moves**."), SETTINGS, ())
    assert [(p.key, p.text) for p in form.passages] == [
        ("prompt", "Explain tides."),
        ("draft", "Water **moves**."),
    ]
    (response,) = form.modal_fields
    assert isinstance(response, TextField)
    assert response.initial == "Water **moves**."
    assert form.question == "Improve this draft"


@pytest.mark.parametrize("draft", [None, ""])
def test_response_field_is_empty_without_a_draft(draft: str | None) -> None:
    form = DEMONSTRATION.build_form(Content(PROMPT, draft=draft), SETTINGS, ())
    assert [p.key for p in form.passages] == ["prompt"]
    (response,) = form.modal_fields
    assert isinstance(response, TextField)
    assert response.initial == ""
    assert form.question == "Write the ideal response"


def test_label_includes_the_draft() -> None:
    label = DEMONSTRATION.to_label(Content(PROMPT, draft="Old."), {"response": "New."}, ())
    assert label == Demonstration(PROMPT, "New.", "Old.")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (Content(), "it needs a prompt"),
        (Content(draft="x"), "it needs a prompt"),
        (Content(PROMPT, (Candidate("x"),)), "map a first version to draft"),
    ],
)
def test_content_of_another_kind_is_rejected_with_a_remedy(content: Content, reason: str) -> None:
    with pytest.raises(InvalidContentError, match=reason):
        DEMONSTRATION.validate_content(content, SETTINGS)


@pytest.mark.parametrize(
    ("response", "word_count"),
    [("One.", "1 word"), ("One two.", "2 words"), ("x " * 1234, "1,234 words")],
)
def test_summary_counts_words(response: str, word_count: str) -> None:
    summary = DEMONSTRATION.summarize({"response": response}, SETTINGS)
    assert summary == f"your response, {word_count}"
