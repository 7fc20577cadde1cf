"""Where both responses are bad: the better one, written by the expert who said so.

Comparison gets it from here: `with_better` offers the text beside the kind's own fields, keeps it
with the answer that it belongs to, and puts it into the label with the order undone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from bot.kinds.base import AnswerValue, FormInput, InvalidAnswerError, Kind, ParsedAnswer
from bot.kinds.content import Content, Order
from bot.kinds.demonstration import MAX_RESPONSE_CHARS
from bot.kinds.form import BetterResponse, Form, Option, TextField
from bot.kinds.label import Label, Preference, StartingPoint
from bot.kinds.settings import KindSettings

BETTER_RESPONSE, STARTED_FROM = "written", "began_with"
VALUE_KEYS = (BETTER_RESPONSE, STARTED_FROM)

BLANK = "empty"
STARTING_POINTS = (
    Option("a", "Response A"),
    Option("b", "Response B"),
    Option(BLANK, "An empty page"),
)

NOT_BOTH_BAD = "You no longer say that both are bad, so there is nothing to write"
UNKNOWN_STARTING_POINT = "Please choose what your response begins with"

SettingsT = TypeVar("SettingsT", bound=KindSettings)


def with_better_response(kind: Kind[SettingsT], *, field: str, option: str) -> Kind[SettingsT]:
    """Return the kind with a better response to write after one answer: this option of this field.

    Its settings say in `write_better` whether a campaign wants it.
    """
    better_response = BetterResponse(
        text_field=TextField(BETTER_RESPONSE, "The better response", long=True),
        started_from_key=STARTED_FROM,
        starting_points=STARTING_POINTS,
        trigger=(field, option),
    )

    def build_form(content: Content, settings: SettingsT, order: Order) -> Form:
        own = kind.build_form(content, settings, order)
        return replace(own, better_response=better_response) if _is_enabled(settings) else own

    def parse_answer(
        given: FormInput, before: FormInput, settings: SettingsT, order: Order
    ) -> ParsedAnswer:
        own = kind.parse_answer(
            _without_better_response(given), _without_better_response(before), settings, order
        )
        applies = own.value.get(field) == option and _is_enabled(settings)
        added = _parse_better_response(given, before, applies=applies)
        return replace(own, value={**own.value, **added})

    def summarize(value: AnswerValue, settings: SettingsT) -> str:
        summary = kind.summarize(_without_better_response(value), settings)
        words = len(str(value.get(BETTER_RESPONSE, "")).split())
        return f"{summary}, and a better one of {words:,} words" if words else summary

    def to_label(content: Content, value: AnswerValue, order: Order) -> Label:
        own = kind.to_label(content, _without_better_response(value), order)
        if BETTER_RESPONSE not in value or not isinstance(own, Preference):
            return own
        return replace(
            own,
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
    return {key: its for key, its in value.items() if key not in VALUE_KEYS}


def _parse_better_response(given: FormInput, before: FormInput, *, applies: bool) -> AnswerValue:
    if not applies:
        if BETTER_RESPONSE in given:
            raise InvalidAnswerError(BETTER_RESPONSE, NOT_BOTH_BAD)
        return {}
    text, started_from = (given.get(key, before.get(key)) for key in VALUE_KEYS)
    if text is None:
        return {}
    if not isinstance(text, str) or not text.strip():
        raise InvalidAnswerError(BETTER_RESPONSE, "Please write a response before you send it")
    if len(text) > MAX_RESPONSE_CHARS:
        reason = f"A response ends at {MAX_RESPONSE_CHARS:,} characters; this one has {len(text):,}"
        raise InvalidAnswerError(BETTER_RESPONSE, reason)
    if started_from not in {option.value for option in STARTING_POINTS}:
        raise InvalidAnswerError(STARTED_FROM, UNKNOWN_STARTING_POINT)
    return {BETTER_RESPONSE: text, STARTED_FROM: started_from}


def _starting_point_of(started_from: object, order: Order) -> StartingPoint:
    """Say which candidate it began with, in imported order."""
    if started_from == BLANK:
        return "nothing"
    return "right" if order["ab".index(str(started_from))] else "left"
