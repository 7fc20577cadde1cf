"""The contract of all kinds. Each kind, including a new one, is tested with its own example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import permutations
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.errors import NotFoundError
from bot.kinds import KINDS, kind_named
from bot.kinds.base import AnswerValue, InvalidAnswerError, InvalidContentError, Kind
from bot.kinds.content import Candidate, Content, ConversationTurn, Order
from bot.kinds.form import RESTART, TIE, UNDO, Field, Form, RankingField, TextField, options_of

EVERY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())

SECRET = "secret-model-name"  # noqa: S105 - not a password: a model name that must never be shown


def form_of(kind: Kind[Any], order: Order | None = None) -> Form:
    """Return the form of a kind's example."""
    example = kind.example
    return kind.build_form(
        example.content, example.settings, example.order if order is None else order
    )


def complete_value(kind: Kind[Any]) -> AnswerValue:
    """Return the value after all inputs of a kind's example."""
    value: AnswerValue = {}
    for form_input in kind.example.inputs:
        answer = kind.parse_answer(form_input, value, kind.example.settings, kind.example.order)
        value = answer.value
    return value


def fields_of(form: Form) -> tuple[Field, ...]:
    """Return all fields of a form."""
    return (*form.message_fields, *form.modal_fields)


def orders_of(kind: Kind[Any]) -> list[Order]:
    """Return every order in which a kind's example can be shown."""
    return list(permutations(range(len(kind.example.content.candidates))))


def texts_in(value: object) -> Iterator[str]:
    """Yield every text in a form or label, including keys and option values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for pair in value.items() for part in pair for text in texts_in(part))
    elif isinstance(value, (tuple, list)):
        yield from (text for part in value for text in texts_in(part))
    else:
        for slot in getattr(value, "__slots__", ()):
            yield from texts_in(getattr(value, slot))


def test_kinds_are_registered_under_their_names() -> None:
    assert all(name == kind.name for name, kind in KINDS.items())
    assert all(kind_named(name) is kind for name, kind in KINDS.items())


def test_error_for_an_unknown_kind_lists_the_known_ones() -> None:
    with pytest.raises(NotFoundError) as caught:
        kind_named("humor")
    assert all(name in str(caught.value) for name in ("humor", *KINDS))


@EVERY_KIND
def test_task_phrase_is_short_and_starts_in_lower_case(kind: Kind[Any]) -> None:
    assert 5 < len(kind.task_phrase) < 60
    assert kind.task_phrase[0].islower()
    assert not kind.task_phrase.endswith(".")


@EVERY_KIND
def test_example_is_valid_and_becomes_its_label(kind: Kind[Any]) -> None:
    example = kind.example
    kind.validate_content(example.content, example.settings)
    value = complete_value(kind)
    assert kind.parse_answer({}, value, example.settings, kind.example.order).complete
    assert kind.to_label(example.content, value, example.order) == example.label


@pytest.mark.parametrize("kind", [one for one in KINDS.values() if not one.validates_texts])
@given(texts=st.lists(st.text(min_size=1).filter(str.strip), max_size=4, unique_by=str.strip))
def test_kinds_that_do_not_validate_texts_only_compare_them(
    kind: Kind[Any], texts: list[str]
) -> None:
    written = [f"text {number}" for number in range(len(texts))]
    assert flaw_of(kind, texts) == flaw_of(kind, written)


def flaw_of(kind: Kind[Any], texts: list[str]) -> str:
    """Return why an item with a prompt and these candidates does not suit a kind, "" if it does."""
    content = Content((ConversationTurn("user", "Why?"),), tuple(map(Candidate, texts)))
    try:
        kind.validate_content(content, kind.example.settings)
    except InvalidContentError as error:
        return str(error)
    return ""


@EVERY_KIND
def test_form_offers_every_input_of_the_example(kind: Kind[Any]) -> None:
    form = form_of(kind)
    for form_input in kind.example.inputs:
        for key, answer in form_input.items():
            field = form.field(key)
            assert field is not None
            if not isinstance(field, TextField):
                controls = (TIE, UNDO, RESTART) if isinstance(field, RankingField) else ()
                chosen = answer if isinstance(answer, list) else [answer]
                assert {*chosen} <= {*(option.value for option in options_of(field)), *controls}


@EVERY_KIND
def test_answer_is_complete_once_no_field_is_missing(kind: Kind[Any]) -> None:
    value: AnswerValue = {}
    form = form_of(kind)
    for form_input in kind.example.inputs:
        answer = kind.parse_answer(form_input, value, kind.example.settings, kind.example.order)
        value = answer.value
        assert answer.complete == (not form.missing_fields(value))
        if form.message_fields:
            assert answer.needs_text == form.needs_modal(value)


@EVERY_KIND
def test_keys_of_a_value_are_keys_of_the_form(kind: Kind[Any]) -> None:
    form = form_of(kind)
    keys = [field.key for field in fields_of(form)]
    assert len(set(keys)) == len(keys)
    assert complete_value(kind).keys() <= set(keys)
    assert form.field("no such field") is None
    assert all(form.field(field.key) is field for field in fields_of(form))


@EVERY_KIND
def test_parsing_a_stored_value_changes_nothing(kind: Kind[Any]) -> None:
    settings, value = kind.example.settings, complete_value(kind)
    answer = kind.parse_answer(value, {}, settings, kind.example.order)
    assert (
        answer
        == kind.parse_answer({}, value, settings, kind.example.order)
        == kind.parse_answer(value, value, settings, kind.example.order)
    )
    assert answer.value == value


@EVERY_KIND
def test_value_round_trips_through_json(kind: Kind[Any]) -> None:
    value = complete_value(kind)
    loaded = orjson.loads(orjson.dumps(value))
    assert loaded == value
    assert kind.to_label(kind.example.content, loaded, kind.example.order) == kind.example.label


@EVERY_KIND
def test_parsing_does_not_change_the_previous_value(kind: Kind[Any]) -> None:
    previous = complete_value(kind)
    copy = dict(previous)
    kind.parse_answer(kind.example.inputs[0], previous, kind.example.settings, kind.example.order)
    assert previous == copy


@EVERY_KIND
def test_every_option_shown_is_accepted(kind: Kind[Any]) -> None:
    settings = kind.example.settings
    for field in form_of(kind).message_fields:
        values = [option.value for option in options_of(field)]
        assert len(set(values)) == len(values) > 1
        for value in values:
            answer = kind.parse_answer(
                {field.key: value}, complete_value(kind), settings, kind.example.order
            )
            assert value in str(answer.value[field.key])


@EVERY_KIND
@pytest.mark.parametrize(
    "option", ["", "no such option", "0", "99", "-1", "1.0", None, 3.5, [1], {}]
)
def test_option_not_shown_is_rejected(kind: Kind[Any], option: object) -> None:
    for field in form_of(kind).message_fields:
        known_values = {o.value for o in options_of(field)}
        if str(option) not in known_values and option is not None:
            with pytest.raises(InvalidAnswerError) as caught:
                kind.parse_answer(
                    {field.key: option}, {}, kind.example.settings, kind.example.order
                )
            assert caught.value.field == field.key


@EVERY_KIND
@pytest.mark.parametrize("text", ["", " \n\t ", None, 5])
def test_required_text_field_must_not_be_blank(kind: Kind[Any], text: object) -> None:
    settings, value = kind.example.settings, complete_value(kind)
    for field in form_of(kind).modal_fields_for(value):
        if isinstance(field, TextField) and not field.optional:
            with suppress(InvalidAnswerError):
                form_input = {field.key: text}
                answer = kind.parse_answer(form_input, value, settings, kind.example.order)
                assert not answer.complete


@EVERY_KIND
def test_unknown_fields_are_ignored(kind: Kind[Any]) -> None:
    value = kind.parse_answer(
        {"nonsense": "x"}, complete_value(kind), kind.example.settings, kind.example.order
    ).value
    assert "nonsense" not in value


@EVERY_KIND
def test_order_changes_only_the_passages(kind: Kind[Any]) -> None:
    forms = [form_of(kind, order) for order in orders_of(kind)]
    first = replace(forms[0], passages=())
    assert all(replace(form, passages=()) == first for form in forms)
    texts = [sorted(passage.text for passage in form.passages) for form in forms]
    assert all(sorted_texts == texts[0] for sorted_texts in texts)


@EVERY_KIND
def test_experts_never_see_a_model_name(kind: Kind[Any]) -> None:
    content = kind.example.content
    content_with_models = replace(
        content,
        candidates=tuple(
            Candidate(c.text, f"{SECRET}-{n}") for n, c in enumerate(content.candidates)
        ),
        meta={"model": SECRET, SECRET: 1},
    )
    settings = kind.example.settings
    for order in orders_of(kind):
        visible_texts = [
            *texts_in(kind.build_form(content_with_models, settings, order)),
            kind.summarize(complete_value(kind), settings),
        ]
        assert len(visible_texts) > 5
        assert not any(SECRET in text for text in visible_texts)


@EVERY_KIND
def test_each_candidate_is_shown_once(kind: Kind[Any]) -> None:
    for order in orders_of(kind):
        passages = form_of(kind, order).passages
        shown = [passage.text for passage in passages]
        for candidate in kind.example.content.candidates:
            assert shown.count(candidate.text) == 1
        assert len({passage.key for passage in passages}) == len(passages)
        assert all(passage.title for passage in passages)


@EVERY_KIND
def test_form_can_be_answered(kind: Kind[Any]) -> None:
    form = form_of(kind)
    assert form.message_fields or any(not field.optional for field in form.modal_fields)
    assert bool(form.modal_fields) == bool(form.modal_label)
    assert 0 < len(form.question) <= 150


@EVERY_KIND
def test_keys_are_valid_in_ids(kind: Kind[Any]) -> None:
    form = form_of(kind)
    keys = [field.key for field in fields_of(form)] + [p.key for p in form.passages]
    options = [option.value for field in fields_of(form) for option in options_of(field)]
    assert all(key.replace("_", "").isalnum() and key.isascii() for key in keys + options)


@EVERY_KIND
def test_summary_is_one_line(kind: Kind[Any]) -> None:
    summary = kind.summarize(complete_value(kind), kind.example.settings)
    assert summary
    assert "\n" not in summary


@EVERY_KIND
def test_summary_never_repeats_long_texts(kind: Kind[Any]) -> None:
    text_fields = [field for field in form_of(kind).modal_fields if isinstance(field, TextField)]
    value = complete_value(kind) | {field.key: "long " * 9_000 for field in text_fields}
    assert len(kind.summarize(value, kind.example.settings)) < 1_000


@EVERY_KIND
def test_settings_reject_unknown_fields(kind: Kind[Any]) -> None:
    with pytest.raises(ValidationError, match="nonsense"):
        kind.settings.model_validate({"nonsense": 1})


@EVERY_KIND
def test_settings_have_defaults_and_round_trip_through_json(kind: Kind[Any]) -> None:
    for settings in (kind.settings(), kind.example.settings):
        dumped = settings.model_dump(mode="json")
        assert kind.settings.model_validate_json(orjson.dumps(dumped)) == settings
    assert kind.settings.model_config["frozen"]


@EVERY_KIND
@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_items_with_a_wrong_number_of_candidates_are_rejected(kind: Kind[Any], count: int) -> None:
    example = kind.example
    content = replace(
        example.content, candidates=tuple(Candidate(f"Candidate {n}") for n in range(count))
    )
    if count == len(example.content.candidates):
        kind.validate_content(content, example.settings)
    else:
        with pytest.raises(InvalidContentError):
            kind.validate_content(content, example.settings)


@EVERY_KIND
def test_label_has_the_candidates_in_imported_order(kind: Kind[Any]) -> None:
    labels = [
        kind.to_label(kind.example.content, complete_value(kind), order)
        for order in orders_of(kind)
    ]
    for label in labels:
        assert label.prompt == kind.example.content.prompt
        assert type(label) is type(kind.example.label)
    imported = [text for text in texts_in(labels[0]) if text in texts_in(kind.example.content)]
    assert all(
        [text for text in texts_in(label) if text in texts_in(kind.example.content)] == imported
        for label in labels
    )


def test_examples_do_not_use_the_imported_order() -> None:
    """With the imported order, an example would not detect an order that is never undone."""
    for kind in KINDS.values():
        if len(kind.example.content.candidates) > 1:
            assert list(kind.example.order) != sorted(kind.example.order)


def test_empty_item_suits_no_kind() -> None:
    for kind in KINDS.values():
        with pytest.raises(InvalidContentError):
            kind.validate_content(Content(), kind.example.settings)
