"""Where both responses are bad: the better one, written by the expert who said so.

Comparison gets it from here: `with_better` offers the text beside the kind's own fields, keeps it
with the answer that it belongs to, and puts it into the label with the order undone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from bot.kinds.base import Given, Kind, Reading, Value, WrongAnswerError
from bot.kinds.content import Content, Order
from bot.kinds.demonstration import LONGEST
from bot.kinds.form import Better, Form, Option, Text
from bot.kinds.label import Began, Label, Preference
from bot.kinds.settings import KindSettings

WRITTEN, BEGAN = "written", "began_with"
KEYS = (WRITTEN, BEGAN)

NOTHING = "empty"
BEGINNINGS = (
    Option("a", "Response A"),
    Option("b", "Response B"),
    Option(NOTHING, "An empty page"),
)

GONE = "You no longer say that both are bad, so there is nothing to write"
UNKNOWN = "Please choose what your response begins with"

SettingsT = TypeVar("SettingsT", bound=KindSettings)


def with_better(kind: Kind[SettingsT], *, field: str, option: str) -> Kind[SettingsT]:
    """Return the kind with a better response to write after one answer: this option of this field.

    Its settings say in `write_better` whether a campaign wants it.
    """
    better = Better(
        text=Text(WRITTEN, "The better response", long=True),
        began=BEGAN,
        begins=BEGINNINGS,
        after=(field, option),
    )

    def form(content: Content, settings: SettingsT, order: Order) -> Form:
        own = kind.form(content, settings, order)
        return replace(own, better=better) if _is_wanted(settings) else own

    def read(given: Given, before: Given, settings: SettingsT, order: Order) -> Reading:
        own = kind.read(_without(given), _without(before), settings, order)
        suits = own.value.get(field) == option and _is_wanted(settings)
        written = _written(given, before, suits=suits)
        return replace(own, value={**own.value, **written})

    def receipt(value: Value, settings: SettingsT) -> str:
        said = kind.receipt(_without(value), settings)
        words = len(str(value.get(WRITTEN, "")).split())
        return f"{said}, and a better one of {words:,} words" if words else said

    def label(content: Content, value: Value, order: Order) -> Label:
        own = kind.label(content, _without(value), order)
        if WRITTEN not in value or not isinstance(own, Preference):
            return own
        return replace(own, written=str(value[WRITTEN]), began=_undone(value[BEGAN], order))

    return replace(kind, form=form, read=read, receipt=receipt, label=label)


def _is_wanted(settings: KindSettings) -> bool:
    return bool(getattr(settings, "write_better", False))


def _without(value: Given) -> Value:
    return {key: its for key, its in value.items() if key not in KEYS}


def _written(given: Given, before: Given, *, suits: bool) -> Value:
    if not suits:
        if WRITTEN in given:
            raise WrongAnswerError(WRITTEN, GONE)
        return {}
    text, began = (given.get(key, before.get(key)) for key in KEYS)
    if text is None:
        return {}
    if not isinstance(text, str) or not text.strip():
        raise WrongAnswerError(WRITTEN, "Please write a response before you send it")
    if len(text) > LONGEST:
        reason = f"A response ends at {LONGEST:,} characters; this one has {len(text):,}"
        raise WrongAnswerError(WRITTEN, reason)
    if began not in {option.value for option in BEGINNINGS}:
        raise WrongAnswerError(BEGAN, UNKNOWN)
    return {WRITTEN: text, BEGAN: began}


def _undone(began: object, order: Order) -> Began:
    """Say which candidate it began with, in imported order."""
    if began == NOTHING:
        return "nothing"
    return "right" if order["ab".index(str(began))] else "left"
