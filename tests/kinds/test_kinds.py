"""Every kind keeps the same contract. A new kind is tested here on arrival, by its own example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import permutations
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from bot.errors import NotFoundError
from bot.kinds import KINDS, kind_named
from bot.kinds.base import AnswerValue, InvalidAnswerError, InvalidContentError, Kind
from bot.kinds.content import Candidate, Content, Order
from bot.kinds.form import RESTART, TIE, UNDO, Field, Form, RankingField, TextField, options_of

EVERY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())

SECRET = "secret-model-name"  # noqa: S105 - what must never show


def form_of(kind: Kind[Any], order: Order | None = None) -> Form:
    """Return the form of a kind's example."""
    example = kind.example
    return kind.build_form(
        example.content, example.settings, example.order if order is None else order
    )


def answered(kind: Kind[Any]) -> AnswerValue:
    """Return the value after all taps of a kind's example."""
    value: AnswerValue = {}
    for given in kind.example.inputs:
        value = kind.parse_answer(given, value, kind.example.settings, kind.example.order).value
    return value


def fields_of(form: Form) -> tuple[Field, ...]:
    """Return all fields of a form."""
    return (*form.message_fields, *form.modal_fields)


def orders_of(kind: Kind[Any]) -> list[Order]:
    """Return every order in which a kind's example can be shown."""
    return list(permutations(range(len(kind.example.content.candidates))))


def texts_in(thing: object) -> Iterator[str]:
    """Yield every text inside a form, its keys and values too."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, Mapping):
        yield from (text for pair in thing.items() for part in pair for text in texts_in(part))
    elif isinstance(thing, (tuple, list)):
        yield from (text for part in thing for text in texts_in(part))
    else:
        for slot in getattr(thing, "__slots__", ()):
            yield from texts_in(getattr(thing, slot))


def test_kinds_are_registered_under_their_names() -> None:
    assert all(name == kind.name for name, kind in KINDS.items())
    assert all(kind_named(name) is kind for name, kind in KINDS.items())


def test_an_unknown_kind_is_answered_with_the_known_ones() -> None:
    with pytest.raises(NotFoundError) as caught:
        kind_named("humour")
    assert all(name in str(caught.value) for name in ("humour", *KINDS))


@EVERY_KIND
def test_a_kind_says_in_a_few_words_what_it_asks(kind: Kind[Any]) -> None:
    assert 5 < len(kind.task_phrase) < 60
    assert kind.task_phrase[0].islower()
    assert not kind.task_phrase.endswith(".")


@EVERY_KIND
def test_the_example_is_accepted_answered_and_labelled(kind: Kind[Any]) -> None:
    example = kind.example
    kind.validate_content(example.content, example.settings)
    value = answered(kind)
    assert kind.parse_answer({}, value, example.settings, kind.example.order).complete
    assert kind.to_label(example.content, value, example.order) == example.label


@EVERY_KIND
def test_every_tap_of_the_example_is_one_the_form_offers(kind: Kind[Any]) -> None:
    form = form_of(kind)
    for given in kind.example.inputs:
        for key, option in given.items():
            field = form.field(key)
            assert field is not None
            if not isinstance(field, TextField):
                ways = (TIE, UNDO, RESTART) if isinstance(field, RankingField) else ()
                picked = option if isinstance(option, list) else [option]
                assert {*picked} <= {*(one.value for one in options_of(field)), *ways}


@EVERY_KIND
def test_an_answer_is_complete_only_at_the_last_tap(kind: Kind[Any]) -> None:
    value: AnswerValue = {}
    form = form_of(kind)
    for given in kind.example.inputs:
        reading = kind.parse_answer(given, value, kind.example.settings, kind.example.order)
        value = reading.value
        assert reading.complete == (not form.missing_fields(value))
        if form.message_fields:
            assert reading.needs_text == form.needs_modal(value)


@EVERY_KIND
def test_the_keys_of_a_value_are_the_keys_of_the_form(kind: Kind[Any]) -> None:
    form = form_of(kind)
    keys = [field.key for field in fields_of(form)]
    assert len(set(keys)) == len(keys)
    assert answered(kind).keys() <= set(keys)
    assert form.field("no such field") is None
    assert all(form.field(field.key) is field for field in fields_of(form))


@EVERY_KIND
def test_reading_what_was_read_changes_nothing(kind: Kind[Any]) -> None:
    settings, value = kind.example.settings, answered(kind)
    again = kind.parse_answer(value, {}, settings, kind.example.order)
    assert (
        again
        == kind.parse_answer({}, value, settings, kind.example.order)
        == kind.parse_answer(value, value, settings, kind.example.order)
    )
    assert again.value == value


@EVERY_KIND
def test_a_value_survives_the_database(kind: Kind[Any]) -> None:
    value = answered(kind)
    kept = orjson.loads(orjson.dumps(value))
    assert kept == value
    assert kind.to_label(kind.example.content, kept, kind.example.order) == kind.example.label


@EVERY_KIND
def test_reading_leaves_what_was_there_before_alone(kind: Kind[Any]) -> None:
    before = answered(kind)
    kept = dict(before)
    kind.parse_answer(kind.example.inputs[0], before, kind.example.settings, kind.example.order)
    assert before == kept


@EVERY_KIND
def test_every_offered_option_can_be_tapped(kind: Kind[Any]) -> None:
    settings = kind.example.settings
    for field in form_of(kind).message_fields:
        values = [option.value for option in options_of(field)]
        assert len(set(values)) == len(values) > 1
        for value in values:
            reading = kind.parse_answer(
                {field.key: value}, answered(kind), settings, kind.example.order
            )
            assert value in str(reading.value[field.key])


@EVERY_KIND
@pytest.mark.parametrize(
    "option", ["", "no such option", "0", "99", "-1", "1.0", None, 3.5, [1], {}]
)
def test_an_option_that_was_not_offered_is_refused(kind: Kind[Any], option: object) -> None:
    for field in form_of(kind).message_fields:
        offered = {o.value for o in options_of(field)}
        if str(option) not in offered and option is not None:
            with pytest.raises(InvalidAnswerError) as caught:
                kind.parse_answer(
                    {field.key: option}, {}, kind.example.settings, kind.example.order
                )
            assert caught.value.field == field.key


@EVERY_KIND
@pytest.mark.parametrize("text", ["", " \n\t ", None, 5])
def test_a_written_field_that_is_required_must_say_something(kind: Kind[Any], text: object) -> None:
    settings, value = kind.example.settings, answered(kind)
    for field in form_of(kind).modal_fields_for(value):
        if isinstance(field, TextField) and not field.optional:
            with suppress(InvalidAnswerError):
                given = {field.key: text}
                assert not kind.parse_answer(given, value, settings, kind.example.order).complete


@EVERY_KIND
def test_fields_that_are_none_of_the_forms_are_not_kept(kind: Kind[Any]) -> None:
    value = kind.parse_answer(
        {"nonsense": "x"}, answered(kind), kind.example.settings, kind.example.order
    ).value
    assert "nonsense" not in value


@EVERY_KIND
def test_no_order_changes_what_is_asked_but_the_passages(kind: Kind[Any]) -> None:
    forms = [form_of(kind, order) for order in orders_of(kind)]
    first = replace(forms[0], passages=())
    assert all(replace(form, passages=()) == first for form in forms)
    texts = [sorted(passage.text for passage in form.passages) for form in forms]
    assert all(found == texts[0] for found in texts)


@EVERY_KIND
def test_no_name_of_a_model_is_in_anything_an_expert_sees(kind: Kind[Any]) -> None:
    content = kind.example.content
    named = replace(
        content,
        candidates=tuple(
            Candidate(c.text, f"{SECRET}-{n}") for n, c in enumerate(content.candidates)
        ),
        meta={"model": SECRET, SECRET: 1},
    )
    settings = kind.example.settings
    for order in orders_of(kind):
        seen = [
            *texts_in(kind.build_form(named, settings, order)),
            kind.summarize(answered(kind), settings),
        ]
        assert len(seen) > 5
        assert not any(SECRET in text for text in seen)


@EVERY_KIND
def test_every_candidate_is_shown_once(kind: Kind[Any]) -> None:
    for order in orders_of(kind):
        passages = form_of(kind, order).passages
        shown = [passage.text for passage in passages]
        for candidate in kind.example.content.candidates:
            assert shown.count(candidate.text) == 1
        assert len({passage.key for passage in passages}) == len(passages)
        assert all(passage.title for passage in passages)


@EVERY_KIND
def test_a_form_has_a_way_to_answer(kind: Kind[Any]) -> None:
    form = form_of(kind)
    assert form.message_fields or any(not field.optional for field in form.modal_fields)
    assert bool(form.modal_fields) == bool(form.modal_label)
    assert 0 < len(form.question) <= 150


@EVERY_KIND
def test_keys_hold_nothing_that_would_break_an_id(kind: Kind[Any]) -> None:
    form = form_of(kind)
    keys = [field.key for field in fields_of(form)] + [p.key for p in form.passages]
    options = [option.value for field in fields_of(form) for option in options_of(field)]
    assert all(word.replace("_", "").isalnum() and word.isascii() for word in keys + options)


@EVERY_KIND
def test_the_receipt_is_a_few_words(kind: Kind[Any]) -> None:
    receipt = kind.summarize(answered(kind), kind.example.settings)
    assert receipt
    assert "\n" not in receipt


@EVERY_KIND
def test_the_receipt_never_repeats_what_was_written_at_length(kind: Kind[Any]) -> None:
    sheet = [field for field in form_of(kind).modal_fields if isinstance(field, TextField)]
    value = answered(kind) | {text.key: "long " * 9_000 for text in sheet}
    assert len(kind.summarize(value, kind.example.settings)) < 1_000


@EVERY_KIND
def test_settings_refuse_words_they_do_not_know(kind: Kind[Any]) -> None:
    with pytest.raises(ValidationError, match="nonsense"):
        kind.settings.model_validate({"nonsense": 1})


@EVERY_KIND
def test_settings_have_defaults_and_survive_the_database(kind: Kind[Any]) -> None:
    for settings in (kind.settings(), kind.example.settings):
        kept = settings.model_dump(mode="json")
        assert kind.settings.model_validate_json(orjson.dumps(kept)) == settings
    assert kind.settings.model_config["frozen"]


@EVERY_KIND
@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_items_with_another_number_of_candidates_are_refused(kind: Kind[Any], count: int) -> None:
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
def test_a_label_holds_what_was_imported_in_imported_order(kind: Kind[Any]) -> None:
    labels = [
        kind.to_label(kind.example.content, answered(kind), order) for order in orders_of(kind)
    ]
    for label in labels:
        assert label.prompt == kind.example.content.prompt
        assert type(label) is type(kind.example.label)
    imported = [text for text in texts_in(labels[0]) if text in texts_in(kind.example.content)]
    assert all(
        [text for text in texts_in(label) if text in texts_in(kind.example.content)] == imported
        for label in labels
    )


def test_an_example_with_candidates_is_not_shown_in_imported_order_only() -> None:
    """An example whose order is the identity would not notice an order that is never undone."""
    for kind in KINDS.values():
        if len(kind.example.content.candidates) > 1:
            assert list(kind.example.order) != sorted(kind.example.order)


def test_an_item_without_anything_suits_no_kind() -> None:
    for kind in KINDS.values():
        with pytest.raises(InvalidContentError):
            kind.validate_content(Content(), kind.example.settings)
