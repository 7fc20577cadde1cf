"""The better response that an expert may write if both responses are bad.

`with_better_response` adds it to a kind: it offers the text field after the answer that triggers
it, stores the text with that answer, and adds it to the label with the candidate order undone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from bot.kinds.base import (
    AnswerValue,
    FormInput,
    InvalidAnswerError,
    Kind,
    ParsedAnswer,
    length_error,
)
from bot.kinds.content import Content, Order
from bot.kinds.demonstration import MAX_RESPONSE_CHARS, MISSING_RESPONSE, count_words
from bot.kinds.form import BetterResponse, Form, Option, TextField
from bot.kinds.label import Label, Preference, StartingPoint
from bot.kinds.settings import KindSettings

BETTER_RESPONSE, STARTED_FROM = "better_response", "started_from"
VALUE_KEYS = (BETTER_RESPONSE, STARTED_FROM)

BLANK = "blank"
STARTING_POINTS = (
    Option("a", "Response A"),
    Option("b", "Response B"),
    Option(BLANK, "Blank"),
)

NOT_BOTH_BAD = "Your answer is no longer “Both are bad”, so there is no better response to write"
UNKNOWN_STARTING_POINT = "Choose what your response starts from"

SettingsT = TypeVar("SettingsT", bound=KindSettings)


def with_better_response(kind: Kind[SettingsT], *, field: str, option: str) -> Kind[SettingsT]:
    """Return the kind with a better response offered after `option` was chosen in `field`.

    A campaign turns it off with the setting `write_better`.
    """
    better_response = BetterResponse(
        text_field=TextField(BETTER_RESPONSE, "Better response", long=True),
        started_from_key=STARTED_FROM,
        starting_points=STARTING_POINTS,
        trigger=(field, option),
    )

    def build_form(content: Content, settings: SettingsT, order: Order) -> Form:
        form = kind.build_form(content, settings, order)
        return replace(form, better_response=better_response) if _is_enabled(settings) else form

    def parse_answer(
        form_input: FormInput, previous: FormInput, settings: SettingsT, order: Order
    ) -> ParsedAnswer:
        answer = kind.parse_answer(
            _without_better_response(form_input),
            _without_better_response(previous),
            settings,
            order,
        )
        applies = answer.value.get(field) == option and _is_enabled(settings)
        better_value = _parse_better_response(form_input, previous, applies=applies)
        return replace(answer, value={**answer.value, **better_value})

    def summarize(value: AnswerValue, settings: SettingsT) -> str:
        summary = kind.summarize(_without_better_response(value), settings)
        text = str(value.get(BETTER_RESPONSE, ""))
        return f"{summary}, with a better response ({count_words(text)})" if text else summary

    def to_label(content: Content, value: AnswerValue, order: Order) -> Label:
        label = kind.to_label(content, _without_better_response(value), order)
        if BETTER_RESPONSE not in value or not isinstance(label, Preference):
            return label
        return replace(
            label,
            better_response=str(value[BETTER_RESPONSE]),
            started_from=_starting_point_of(value[STARTED_FROM], order),
        )

    return replace(
        kind,
        build_form=build_form,
        parse_answer=parse_answer,
        summarize=summarize,
        to_label=to_label,
    )


def _is_enabled(settings: KindSettings) -> bool:
    return bool(getattr(settings, "write_better", False))


def _without_better_response(value: FormInput) -> AnswerValue:
    return {key: answer for key, answer in value.items() if key not in VALUE_KEYS}


def _parse_better_response(
    form_input: FormInput, previous: FormInput, *, applies: bool
) -> AnswerValue:
    if not applies:
        if BETTER_RESPONSE in form_input:
            raise InvalidAnswerError(BETTER_RESPONSE, NOT_BOTH_BAD)
        return {}
    text, started_from = (form_input.get(key, previous.get(key)) for key in VALUE_KEYS)
    if text is None:
        return {}
    if not isinstance(text, str) or not text.strip():
        raise InvalidAnswerError(BETTER_RESPONSE, MISSING_RESPONSE)
    if len(text) > MAX_RESPONSE_CHARS:
        reason = length_error("response", text, MAX_RESPONSE_CHARS)
        raise InvalidAnswerError(BETTER_RESPONSE, reason)
    if started_from not in {option.value for option in STARTING_POINTS}:
        raise InvalidAnswerError(STARTED_FROM, UNKNOWN_STARTING_POINT)
    return {BETTER_RESPONSE: text, STARTED_FROM: started_from}


def _starting_point_of(started_from: object, order: Order) -> StartingPoint:
    """Return the candidate that the expert started from, in imported order."""
    if started_from == BLANK:
        return "blank"
    return "right" if order["ab".index(str(started_from))] else "left"
