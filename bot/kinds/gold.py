"""Gold: an answer known to be right, read as people write it, checked by the kind itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from bot.kinds.base import BadContentError, Given, Kind, Value, WrongAnswerError
from bot.kinds.content import Content
from bot.kinds.form import Choice, Field, Form, Text
from bot.kinds.settings import KindSettings

SIDES = {"left": "a", "right": "b"}
"""What exports call the first and the second candidate, and what the form calls them."""

PLAIN_STRENGTH = "2"
"""Where a verdict has strengths and gold has none, it is this one: simply better."""


def gold_from(kind: Kind[Any], content: Content, settings: KindSettings, raw: object) -> Value:
    """Return the right answer of an item as its form would give it, candidates in imported order.

    `raw` is an object with an answer a field (not all of them are needed), or the answer to the
    first field alone. From a file without types, either may be JSON in a text.

    Raises:
        BadContentError: it is no answer to this item.
    """
    order = range(len(content.candidates))
    form = kind.form(content, settings, order)
    given = _given(form, raw)
    if unknown := [key for key in given if form.field(key) is None]:
        fields = ", ".join(field.key for field in _fields(form))
        raise BadContentError(
            reason=f"its gold answers “{unknown[0]}”, and the fields are {fields}"
        )
    try:
        value = kind.read(given, {}, settings, order).value
    except WrongAnswerError as error:
        raise BadContentError(reason=f"its gold is no answer: {error}".rstrip(".")) from error
    if not value:
        raise BadContentError(reason="its gold answers nothing")
    return value


def _fields(form: Form) -> Sequence[Field]:
    return (*form.taps, *form.sheet)


def _unpacked(raw: object) -> object:
    if not isinstance(raw, str) or not raw.lstrip().startswith(("{", "[")):
        return raw
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return raw


def _given(form: Form, raw: object) -> Given:
    first = _fields(form)[0]
    raw = raw if isinstance(first, Text) else _unpacked(raw)
    answers = raw if isinstance(raw, Mapping) else {first.key: raw}
    return {str(key): _answer(form.field(str(key)), answer) for key, answer in answers.items()}


def _answer(field: Field | None, answer: object) -> object:
    """Return an answer as a tap would give it; what nobody knows stays and is refused later."""
    if isinstance(answer, bool) or not isinstance(answer, (str, int)):
        return answer
    said = str(answer) if isinstance(answer, int) else answer
    return _option(field, said) if isinstance(field, Choice) else said


def _option(choice: Choice, said: str) -> str:
    wanted = said.strip().casefold()
    wanted = SIDES.get(wanted, wanted)
    values = {option.value: option.value for option in choice.options}
    labels = {option.label.casefold(): option.value for option in choice.options}
    for word in (wanted, f"{wanted}{PLAIN_STRENGTH}"):
        if found := values.get(word) or labels.get(word):
            return found
    known = ", ".join(values)
    raise BadContentError(reason=f"its gold “{said[:60]}” is none of {known}")
