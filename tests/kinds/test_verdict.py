"""Verdicts: good takes one tap, bad needs a reason, and a correction needs the corrected text."""

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
from bot.kinds.form import Form, TextField
from bot.kinds.label import Judgment, Verdict
from bot.kinds.validation import VALIDATION, ValidationSettings
from bot.kinds.verdict import MAX_CORRECTED_CHARS

BOTH = pytest.mark.parametrize("kind", [VALIDATION, CURATION], ids=["validation", "curation"])


def parse(kind: Kind[Any], *inputs: FormInput) -> ParsedAnswer:
    """Return the answer after several inputs."""
    value: AnswerValue = {}
    answer = ParsedAnswer({}, complete=False)
    for form_input in inputs:
        answer = kind.parse_answer(form_input, value, kind.example.settings, (0,))
        value = answer.value
    return answer


def form_of(kind: Kind[Any]) -> Form:
    """Return the form of a kind's example."""
    example = kind.example
    return kind.build_form(example.content, example.settings, example.order)


def modal_keys(kind: Kind[Any], value: AnswerValue) -> list[str]:
    """Return the keys of the modal fields after a verdict."""
    return [field.key for field in form_of(kind).modal_fields_for(value)]


def test_good_verdict_takes_one_tap() -> None:
    assert parse(VALIDATION, {"verdict": "yes"}) == ParsedAnswer({"verdict": "yes"}, complete=True)
    assert parse(CURATION, {"verdict": "keep"}) == ParsedAnswer({"verdict": "keep"}, complete=True)
    assert modal_keys(VALIDATION, {"verdict": "yes"}) == []


def test_validation_needs_a_reason_for_no_only() -> None:
    rejected = parse(VALIDATION, {"verdict": "no"})
    assert (rejected.complete, rejected.needs_text) == (False, True)
    assert modal_keys(VALIDATION, rejected.value) == ["categories", "reason"]
    assert parse(VALIDATION, {"verdict": "no"}, {"categories": ["adds_information"]}).complete
    fixed = parse(VALIDATION, {"verdict": "fix"})
    assert (fixed.complete, fixed.needs_text) == (False, True)
    assert modal_keys(VALIDATION, fixed.value) == ["corrected"]
    assert parse(VALIDATION, {"verdict": "fix"}, {"corrected": "Better."}).complete


@pytest.mark.parametrize(
    ("kind", "verdict", "label"),
    [
        (VALIDATION, "no", "Add reason…"),
        (VALIDATION, "fix", "Correct the text…"),
        (CURATION, "drop", "Add reason…"),
        (CURATION, "fix", "Correct the text…"),
    ],
)
def test_modal_button_names_what_is_missing(kind: Kind[Any], verdict: str, label: str) -> None:
    assert form_of(kind).modal_label_for({"verdict": verdict}) == label


def test_curation_needs_a_reason_for_fix_and_drop() -> None:
    assert modal_keys(CURATION, {"verdict": "drop"}) == ["categories", "reason"]
    assert modal_keys(CURATION, {"verdict": "fix"}) == ["corrected", "categories", "reason"]
    without_reason = parse(CURATION, {"verdict": "fix"}, {"corrected": "Better."})
    assert (without_reason.complete, without_reason.needs_text) == (False, True)
    assert parse(CURATION, {"verdict": "drop"}, {"categories": ["duplicate"]}).complete


@BOTH
def test_another_verdict_removes_the_corrected_text_and_the_reason(kind: Kind[Any]) -> None:
    verdict_field = form_of(kind).message_fields[0]
    good = verdict_field.options[0].value  # type: ignore[union-attr]  # a ChoiceField
    fix = {"verdict": "fix", "corrected": "Better."}
    reason = {"categories": [kind.example.settings.reason_categories[0].key]}
    assert parse(kind, fix, reason, {"verdict": good}).value == {"verdict": good}


@BOTH
def test_corrected_text_implies_the_verdict_fix(kind: Kind[Any]) -> None:
    assert parse(kind, {"corrected": "Better."}).value["verdict"] == "fix"


@BOTH
def test_corrected_text_field_starts_with_the_judged_text(kind: Kind[Any]) -> None:
    field = form_of(kind).modal_fields[0]
    assert isinstance(field, TextField)
    assert field.initial == kind.example.content.candidates[0].text
    assert field.long


@BOTH
@pytest.mark.parametrize("text", ["", " ", None, 5, "x" * (MAX_CORRECTED_CHARS + 1)])
def test_invalid_corrected_text_is_rejected(kind: Kind[Any], text: object) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        parse(kind, {"verdict": "fix"}, {"corrected": text})
    assert caught.value.field == "corrected"


JUDGMENTS: list[tuple[Kind[Any], str, Judgment]] = [
    (VALIDATION, "yes", "good"),
    (VALIDATION, "no", "bad"),
    (CURATION, "keep", "good"),
    (CURATION, "drop", "bad"),
]


@pytest.mark.parametrize(("kind", "verdict", "judgment"), JUDGMENTS)
def test_both_kinds_export_the_same_judgments(
    kind: Kind[Any], verdict: str, judgment: Judgment
) -> None:
    label = kind.to_label(kind.example.content, {"verdict": verdict}, (0,))
    assert isinstance(label, Verdict)
    assert (label.verdict, label.corrected_text) == (judgment, None)


@pytest.mark.parametrize(
    ("task", "title"),
    [
        ("paraphrase", "Paraphrase"),
        ("summary", "Summary"),
        ("back-translation", "Back-translation"),
    ],
)
def test_question_and_title_name_the_task(task: str, title: str) -> None:
    settings = ValidationSettings.model_validate({"task": task})
    form = VALIDATION.build_form(VALIDATION.example.content, settings, (0,))
    assert form.question == f"Is this {task} faithful?"
    assert [passage.title for passage in form.passages] == ["Original", title]


@BOTH
def test_content_needs_a_prompt_and_one_text(kind: Kind[Any]) -> None:
    without_prompt = Content(candidates=(Candidate("x"),))
    with pytest.raises(InvalidContentError, match="needs a prompt"):
        kind.validate_content(without_prompt, kind.example.settings)
    two = Content((ConversationTurn("user", "x"),), (Candidate("x"), Candidate("y")))
    with pytest.raises(InvalidContentError, match="has 2"):
        kind.validate_content(two, kind.example.settings)
