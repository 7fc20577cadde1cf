"""Verdicts: a yes is one tap, a no has its reason, and a text is mended where it is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from bot.kinds.base import (
    AnswerValue,
    FormInput,
    InvalidAnswerError,
    InvalidContentError,
    Kind,
    ParsedAnswer,
)
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.curation import CURATION
from bot.kinds.form import TextField
from bot.kinds.label import Judgment, Verdict
from bot.kinds.validation import VALIDATION, ValidationSettings
from bot.kinds.verdict import MAX_CORRECTED_CHARS

BOTH = pytest.mark.parametrize("kind", [VALIDATION, CURATION], ids=["validation", "curation"])


def read(kind: Kind[Any], *given: FormInput) -> ParsedAnswer:
    """Read one thing after the other."""
    value: AnswerValue = {}
    reading = ParsedAnswer({}, complete=False)
    for one in given:
        reading = kind.parse_answer(one, value, kind.example.settings, (0,))
        value = reading.value
    return reading


def sheet_after(kind: Kind[Any], value: AnswerValue) -> list[str]:
    """Return what is asked in the sheet after a verdict."""
    example = kind.example
    form = kind.build_form(example.content, example.settings, example.order)
    return [field.key for field in form.modal_fields_for(value)]


def test_a_good_text_is_one_tap() -> None:
    assert read(VALIDATION, {"verdict": "yes"}) == ParsedAnswer({"verdict": "yes"}, complete=True)
    assert read(CURATION, {"verdict": "keep"}) == ParsedAnswer({"verdict": "keep"}, complete=True)
    assert sheet_after(VALIDATION, {"verdict": "yes"}) == []


def test_a_no_asks_for_its_reason_and_a_correction_speaks_for_itself() -> None:
    refused = read(VALIDATION, {"verdict": "no"})
    assert (refused.complete, refused.needs_text) == (False, True)
    assert sheet_after(VALIDATION, refused.value) == ["categories", "reason"]
    assert read(VALIDATION, {"verdict": "no"}, {"categories": ["adds"]}).complete
    mended = read(VALIDATION, {"verdict": "fix"})
    assert (mended.complete, mended.needs_text) == (False, True)
    assert sheet_after(VALIDATION, mended.value) == ["corrected"]
    assert read(VALIDATION, {"verdict": "fix"}, {"corrected": "Better."}).complete


def test_what_is_fixed_or_dropped_has_a_reason() -> None:
    assert sheet_after(CURATION, {"verdict": "drop"}) == ["categories", "reason"]
    assert sheet_after(CURATION, {"verdict": "fix"}) == ["corrected", "categories", "reason"]
    half = read(CURATION, {"verdict": "fix"}, {"corrected": "Better."})
    assert (half.complete, half.needs_text) == (False, True)
    assert read(CURATION, {"verdict": "drop"}, {"categories": ["duplicate"]}).complete


@BOTH
def test_another_verdict_takes_the_corrected_text_and_the_reason_away(kind: Kind[Any]) -> None:
    good = kind.build_form(kind.example.content, kind.example.settings, (0,)).message_fields[0]
    first = good.options[0].value  # type: ignore[union-attr]  # a Choice
    mended = {"verdict": "fix", "corrected": "Better."}
    reason = {"categories": [kind.example.settings.reason_categories[0].key]}
    assert read(kind, mended, reason, {"verdict": first}).value == {"verdict": first}


@BOTH
def test_who_sends_a_corrected_text_has_chosen_to_correct(kind: Kind[Any]) -> None:
    assert read(kind, {"corrected": "Better."}).value["verdict"] == "fix"


@BOTH
def test_the_text_to_mend_is_what_one_begins_with(kind: Kind[Any]) -> None:
    form = kind.build_form(kind.example.content, kind.example.settings, (0,))
    corrected = form.modal_fields[0]
    assert isinstance(corrected, TextField)
    assert corrected.initial == kind.example.content.candidates[0].text
    assert corrected.long


@BOTH
@pytest.mark.parametrize("text", ["", " ", None, 5, "x" * (MAX_CORRECTED_CHARS + 1)])
def test_a_corrected_text_is_a_text(kind: Kind[Any], text: object) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        read(kind, {"verdict": "fix"}, {"corrected": text})
    assert caught.value.field == "corrected"


SAID: list[tuple[Kind[Any], str, Judgment]] = [
    (VALIDATION, "yes", "good"),
    (VALIDATION, "no", "bad"),
    (CURATION, "keep", "good"),
    (CURATION, "drop", "bad"),
]


@pytest.mark.parametrize(("kind", "verdict", "judged"), SAID)
def test_each_kind_has_its_words_and_exports_have_one(
    kind: Kind[Any], verdict: str, judged: Judgment
) -> None:
    label = kind.to_label(kind.example.content, {"verdict": verdict}, (0,))
    assert isinstance(label, Verdict)
    assert (label.verdict, label.corrected_text) == (judged, None)


@pytest.mark.parametrize(
    ("task", "title"),
    [
        ("paraphrase", "Paraphrase"),
        ("summary", "Summary"),
        ("back-translation", "Back-translation"),
    ],
)
def test_the_words_are_those_of_the_task(task: str, title: str) -> None:
    chosen = ValidationSettings.model_validate({"task": task})
    form = VALIDATION.build_form(VALIDATION.example.content, chosen, (0,))
    assert form.question == f"Is this {task} faithful?"
    assert [passage.title for passage in form.passages] == ["Original", title]


@BOTH
def test_there_must_be_an_original_and_one_text(kind: Kind[Any]) -> None:
    bare = Content(candidates=(Candidate("x"),))
    with pytest.raises(InvalidContentError, match="needs a prompt"):
        kind.validate_content(bare, kind.example.settings)
    two = Content((ConversationTurn("user", "x"),), (Candidate("x"), Candidate("y")))
    with pytest.raises(InvalidContentError, match="has 2"):
        kind.validate_content(two, kind.example.settings)
