"""Remarks: a reason, categories and confidence stand beside the answer of every kind."""

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


def asking(kind: Kind[Any], **more: object) -> KindSettings:
    """Return the settings of a kind's example, asking for all that can be said beside an answer."""
    chosen: KindSettings = kind.settings.model_validate(
        {**kind.example.settings.model_dump(), **ALL, **more}
    )
    return chosen


STRICT = ComparisonSettings.model_validate(ALL)


def form_of(kind: Kind[Any], settings: KindSettings) -> Form:
    """Return the form of a kind's example."""
    return kind.build_form(kind.example.content, settings, kind.example.order)


def read(kind: Kind[Any], settings: KindSettings, *given: FormInput) -> ParsedAnswer:
    """Read one thing after the other."""
    value: AnswerValue = {}
    reading = ParsedAnswer({}, complete=False)
    for one in given:
        reading = kind.parse_answer(one, value, settings, kind.example.order)
        value = reading.value
    return reading


def own(kind: Kind[Any]) -> list[FormInput]:
    """Return what the example gives, without remarks."""
    given = [
        {k: v for k, v in one.items() if k not in RATIONALE_KEYS} for one in kind.example.inputs
    ]
    return [one for one in given if one]


@EVERY_KIND
def test_every_kind_can_ask_for_all_of_it_and_counts_only_with_it(kind: Kind[Any]) -> None:
    settings = asking(kind)
    form = form_of(kind, settings)
    for steps in (
        [*own(kind), {"confidence": "2"}, {"categories": ["tone"]}],
        [*own(kind), {"categories": ["tone"], "confidence": "2"}],
    ):
        value: AnswerValue = {}
        for step in steps:
            reading = kind.parse_answer(step, value, settings, kind.example.order)
            value = reading.value
            assert reading.complete == (not form.missing_fields(value))
            if form.message_fields:
                assert reading.needs_text == form.needs_modal(value)
        goes = "categories" in {field.key for field in form.modal_fields_for(value)}
        assert rationale_of(value) == Rationale(None, ("tone",) if goes else (), 2)
        assert not form.missing_fields(value)


@EVERY_KIND
def test_the_label_and_the_receipt_say_the_same_with_and_without(kind: Kind[Any]) -> None:
    settings = asking(kind)
    given = {"confidence": 3, "categories": ["tone"], "reason": "Because."}
    value = read(kind, settings, *own(kind), given).value
    plain = read(kind, kind.example.settings, *own(kind)).value
    content, order = kind.example.content, kind.example.order
    assert kind.to_label(content, value, order) == kind.to_label(content, plain, order)
    assert kind.summarize(value, settings) == kind.summarize(plain, kind.example.settings)


@EVERY_KIND
def test_nothing_is_asked_that_is_not_wanted(kind: Kind[Any]) -> None:
    settings = asking(kind, reason="no", confidence=False)
    form = form_of(kind, settings)
    assert {field.key for field in (*form.message_fields, *form.modal_fields)} & set(
        RATIONALE_KEYS
    ) == set()
    given = {"confidence": 3, "categories": ["tone"], "reason": "Because."}
    assert read(kind, settings, *own(kind), given).value.keys() & set(RATIONALE_KEYS) == set()


def test_how_sure_one_is_is_one_more_tap_where_there_are_taps_and_else_in_the_sheet() -> None:
    sure = ComparisonSettings(confidence=True)
    assert [tap.key for tap in form_of(COMPARISON, sure).message_fields] == [
        "verdict",
        "confidence",
    ]
    written = form_of(DEMONSTRATION, DemonstrationSettings(confidence=True))
    assert written.message_fields == ()
    assert [type(field) for field in written.modal_fields] == [TextField, ScaleField]


def test_a_required_reason_is_asked_for_once_all_is_tapped() -> None:
    settings = ComparisonSettings(reason="required", confidence=True)
    assert not read(COMPARISON, settings, {"verdict": "a"}).needs_text
    tapped = read(COMPARISON, settings, {"verdict": "a"}, {"confidence": "1"})
    assert (tapped.complete, tapped.needs_text) == (False, True)
    written = read(
        COMPARISON, settings, {"verdict": "a"}, {"confidence": "1"}, {"reason": " Short. "}
    )
    assert (written.complete, written.needs_text) == (True, False)
    assert written.value["reason"] == "Short."


def test_with_reasons_to_pick_from_one_is_enough_and_words_are_free() -> None:
    settings = asking(COMPARISON)
    form = form_of(COMPARISON, settings)
    picks, words = form.modal_fields
    assert isinstance(picks, MultiChoiceField)
    assert [option.value for option in picks.options] == ["wrong_facts", "tone"]
    assert (picks.optional, words.optional) == (False, True)


def test_reasons_are_kept_in_the_order_of_the_campaign_and_others_are_refused() -> None:
    settings = STRICT
    both = read(COMPARISON, settings, {"verdict": "a", "categories": ("tone", "wrong_facts")})
    assert both.value["categories"] == ["wrong_facts", "tone"]
    for wrong in (["no such"], "tone", {"tone": 1}):
        with pytest.raises(InvalidAnswerError) as caught:
            read(COMPARISON, settings, {"verdict": "a", "categories": wrong})
        assert caught.value.field == "categories"


@pytest.mark.parametrize("point", ["0", "4", "x", 1.5, []])
def test_confidence_is_one_of_three(point: object) -> None:
    with pytest.raises(InvalidAnswerError, match="from 1 to 3"):
        read(COMPARISON, STRICT, {"verdict": "a", "confidence": point})


def test_a_reason_is_not_a_book() -> None:
    settings = ComparisonSettings()
    assert read(COMPARISON, settings, {"verdict": "a", "reason": "x" * MAX_REASON_CHARS}).complete
    with pytest.raises(InvalidAnswerError, match="ends at 10,000 characters"):
        read(COMPARISON, settings, {"verdict": "a", "reason": "x" * (MAX_REASON_CHARS + 1)})


def test_how_sure_one_is_can_be_tapped_first() -> None:
    first = read(COMPARISON, STRICT, {"confidence": "2"})
    assert first == ParsedAnswer({"confidence": 2}, complete=False)
    assert read(COMPARISON, STRICT, {"confidence": "2"}, {"verdict": "b"}).needs_text


def test_what_was_said_goes_with_another_answer_but_confidence_is_still_on_the_screen() -> None:
    given = {"verdict": "a", "categories": ["tone"], "reason": "Why.", "confidence": "3"}
    changed = read(COMPARISON, STRICT, given, {"verdict": "b"})
    assert changed.value == {"verdict": "b", "confidence": 3}


def test_settings_of_older_campaigns_are_still_read() -> None:
    assert ComparisonSettings.model_validate({"reason": True}).reason == "optional"
    assert ComparisonSettings.model_validate({"reason": False}).reason == "no"
    with pytest.raises(ValidationError, match="reason"):
        ComparisonSettings.model_validate({"reason": 1})


@pytest.mark.parametrize(
    ("categories", "said"),
    [
        (["Tone", "tone!"], "the same key"),
        (["日本語"], "write it as"),
        ([{"key": "UPPER", "label": "x"}], "key"),
        ([{"key": "x", "label": ""}], "label"),
        (["x"] * 21, "at most 20"),
    ],
)
def test_reasons_to_pick_from_have_keys_of_their_own(categories: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ComparisonSettings.model_validate({"reason_categories": categories})
