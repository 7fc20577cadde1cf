"""The rationale: a reason, categories and confidence with the answer of every kind."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from bot.kinds import KINDS
from bot.kinds.base import AnswerValue, FormInput, InvalidAnswerError, Kind, ParsedAnswer
from bot.kinds.comparison import COMPARISON, ComparisonSettings
from bot.kinds.demonstration import DEMONSTRATION, DemonstrationSettings
from bot.kinds.form import Form, MultiChoiceField, ScaleField, TextField
from bot.kinds.rationale import MAX_REASON_CHARS, RATIONALE_KEYS, Rationale, rationale_of
from bot.kinds.settings import KindSettings

EVERY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())

ALL: dict[str, object] = {
    "reason": "required",
    "reason_categories": ["Wrong facts", {"key": "tone", "label": "Ton & Stil"}],
    "confidence": True,
}


def settings_with_rationale(kind: Kind[Any], **changes: object) -> KindSettings:
    """Return the settings of a kind's example with all rationale fields turned on."""
    settings: KindSettings = kind.settings.model_validate(
        {**kind.example.settings.model_dump(), **ALL, **changes}
    )
    return settings


STRICT = ComparisonSettings.model_validate(ALL)


def form_of(kind: Kind[Any], settings: KindSettings) -> Form:
    """Return the form of a kind's example."""
    return kind.build_form(kind.example.content, settings, kind.example.order)


def parse(kind: Kind[Any], settings: KindSettings, *inputs: FormInput) -> ParsedAnswer:
    """Return the answer after several inputs."""
    value: AnswerValue = {}
    answer = ParsedAnswer({}, complete=False)
    for form_input in inputs:
        answer = kind.parse_answer(form_input, value, settings, kind.example.order)
        value = answer.value
    return answer


def own_inputs(kind: Kind[Any]) -> list[FormInput]:
    """Return the inputs of a kind's example without the rationale."""
    inputs = [
        {key: value for key, value in form_input.items() if key not in RATIONALE_KEYS}
        for form_input in kind.example.inputs
    ]
    return [form_input for form_input in inputs if form_input]


@EVERY_KIND
def test_answer_is_complete_only_with_the_required_rationale(kind: Kind[Any]) -> None:
    settings = settings_with_rationale(kind)
    form = form_of(kind, settings)
    for steps in (
        [*own_inputs(kind), {"confidence": "2"}, {"categories": ["tone"]}],
        [*own_inputs(kind), {"categories": ["tone"], "confidence": "2"}],
    ):
        value: AnswerValue = {}
        for step in steps:
            answer = kind.parse_answer(step, value, settings, kind.example.order)
            value = answer.value
            assert answer.complete == (not form.missing_fields(value))
            if form.message_fields:
                assert answer.needs_text == form.needs_modal(value)
        asks_reason = "categories" in {field.key for field in form.modal_fields_for(value)}
        assert rationale_of(value) == Rationale(None, ("tone",) if asks_reason else (), 2)
        assert not form.missing_fields(value)


@EVERY_KIND
def test_rationale_changes_neither_label_nor_summary(kind: Kind[Any]) -> None:
    settings = settings_with_rationale(kind)
    rationale = {"confidence": 3, "categories": ["tone"], "reason": "Because."}
    value = parse(kind, settings, *own_inputs(kind), rationale).value
    plain = parse(kind, kind.example.settings, *own_inputs(kind)).value
    content, order = kind.example.content, kind.example.order
    assert kind.to_label(content, value, order) == kind.to_label(content, plain, order)
    assert kind.summarize(value, settings) == kind.summarize(plain, kind.example.settings)


@EVERY_KIND
def test_rationale_is_ignored_if_the_campaign_does_not_ask_for_it(kind: Kind[Any]) -> None:
    settings = settings_with_rationale(kind, reason="no", confidence=False)
    form = form_of(kind, settings)
    assert {field.key for field in (*form.message_fields, *form.modal_fields)} & set(
        RATIONALE_KEYS
    ) == set()
    rationale = {"confidence": 3, "categories": ["tone"], "reason": "Because."}
    assert (
        parse(kind, settings, *own_inputs(kind), rationale).value.keys() & set(RATIONALE_KEYS)
        == set()
    )


def test_confidence_is_a_message_field_if_the_form_has_message_fields() -> None:
    tapped_form = form_of(COMPARISON, ComparisonSettings(confidence=True))
    assert [field.key for field in tapped_form.message_fields] == ["verdict", "confidence"]
    text_form = form_of(DEMONSTRATION, DemonstrationSettings(confidence=True))
    assert text_form.message_fields == ()
    assert [type(field) for field in text_form.modal_fields] == [TextField, ScaleField]


def test_required_reason_is_requested_after_all_message_fields() -> None:
    settings = ComparisonSettings(reason="required", confidence=True)
    assert not parse(COMPARISON, settings, {"verdict": "a"}).needs_text
    tapped = parse(COMPARISON, settings, {"verdict": "a"}, {"confidence": "1"})
    assert (tapped.complete, tapped.needs_text) == (False, True)
    written = parse(
        COMPARISON, settings, {"verdict": "a"}, {"confidence": "1"}, {"reason": " Short. "}
    )
    assert (written.complete, written.needs_text) == (True, False)
    assert written.value["reason"] == "Short."


def test_comment_is_optional_if_there_are_reasons_to_pick() -> None:
    settings = settings_with_rationale(COMPARISON)
    form = form_of(COMPARISON, settings)
    categories, comment = form.modal_fields
    assert isinstance(categories, MultiChoiceField)
    assert [option.value for option in categories.options] == ["wrong_facts", "tone"]
    assert (categories.optional, comment.optional) == (False, True)
    assert (categories.label, comment.label) == ("Reason", "Comment")


def test_categories_are_stored_in_the_order_of_the_campaign_and_unknown_ones_rejected() -> None:
    settings = STRICT
    both = parse(COMPARISON, settings, {"verdict": "a", "categories": ("tone", "wrong_facts")})
    assert both.value["categories"] == ["wrong_facts", "tone"]
    for invalid in (["no such"], "tone", {"tone": 1}):
        with pytest.raises(InvalidAnswerError) as caught:
            parse(COMPARISON, settings, {"verdict": "a", "categories": invalid})
        assert caught.value.field == "categories"


@pytest.mark.parametrize("point", ["0", "4", "x", 1.5, []])
def test_confidence_outside_the_scale_is_rejected(point: object) -> None:
    with pytest.raises(InvalidAnswerError, match="from 1 to 3"):
        parse(COMPARISON, STRICT, {"verdict": "a", "confidence": point})


def test_reason_longer_than_the_maximum_is_rejected() -> None:
    settings = ComparisonSettings()
    assert parse(COMPARISON, settings, {"verdict": "a", "reason": "x" * MAX_REASON_CHARS}).complete
    with pytest.raises(InvalidAnswerError, match="up to 10,000 characters"):
        parse(COMPARISON, settings, {"verdict": "a", "reason": "x" * (MAX_REASON_CHARS + 1)})


def test_confidence_can_be_answered_first() -> None:
    first = parse(COMPARISON, STRICT, {"confidence": "2"})
    assert first == ParsedAnswer({"confidence": 2}, complete=False)
    assert parse(COMPARISON, STRICT, {"confidence": "2"}, {"verdict": "b"}).needs_text


def test_another_verdict_removes_the_reason_but_not_the_confidence() -> None:
    answer = {"verdict": "a", "categories": ["tone"], "reason": "Clear.", "confidence": "3"}
    changed = parse(COMPARISON, STRICT, answer, {"verdict": "b"})
    assert changed.value == {"verdict": "b", "confidence": 3}


def test_reason_setting_accepts_booleans() -> None:
    assert ComparisonSettings.model_validate({"reason": True}).reason == "optional"
    assert ComparisonSettings.model_validate({"reason": False}).reason == "no"
    with pytest.raises(ValidationError, match="reason"):
        ComparisonSettings.model_validate({"reason": 1})


@pytest.mark.parametrize(
    ("categories", "error"),
    [
        (["Tone", "tone!"], "the same key"),
        (["日本語"], "write it as"),
        ([{"key": "UPPER", "label": "x"}], "key"),
        ([{"key": "x", "label": ""}], "label"),
        (["x"] * 21, "at most 20"),
    ],
)
def test_invalid_categories_are_rejected(categories: object, error: str) -> None:
    with pytest.raises(ValidationError, match=error):
        ComparisonSettings.model_validate({"reason_categories": categories})
