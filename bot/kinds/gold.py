"""Gold: an answer known to be right, read as people write it, checked by the kind itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from bot.kinds.base import AnswerValue, FormInput, InvalidAnswerError, InvalidContentError, Kind
from bot.kinds.content import Content
from bot.kinds.form import ChoiceField, Field, Form, TextField
from bot.kinds.settings import KindSettings

OPTION_BY_SIDE = {"left": "a", "right": "b"}
"""What exports call the first and the second candidate, and what the form calls them."""

DEFAULT_STRENGTH = "2"
"""Where a verdict has strengths and gold has none, it is this one: simply better."""


def parse_gold(
    kind: Kind[Any], content: Content, settings: KindSettings, raw: object
) -> AnswerValue:
    """Return the right answer of an item as its form would give it, candidates in imported order.

    `raw` is an object with an answer a field (not all of them are needed), or the answer to the
    first field alone. From a file without types, either may be JSON in a text.

    Raises:
        BadContentError: it is no answer to this item.
    """
    order = range(len(content.candidates))
    form = kind.build_form(content, settings, order)
    given = _to_form_input(form, raw)
    if unknown := [key for key in given if form.field(key) is None]:
        fields = ", ".join(field.key for field in _all_fields(form))
        raise InvalidContentError(
            reason=f"its gold answers “{unknown[0]}”, and the fields are {fields}"
        )
    try:
        value = kind.parse_answer(given, {}, settings, order).value
    except InvalidAnswerError as error:
        raise InvalidContentError(reason=f"its gold is no answer: {error}".rstrip(".")) from error
    if not value:
        raise InvalidContentError(reason="its gold answers nothing")
    return value


def _all_fields(form: Form) -> Sequence[Field]:
    return (*form.message_fields, *form.modal_fields)


def _decode_json(raw: object) -> object:
    if not isinstance(raw, str) or not raw.lstrip().startswith(("{", "[")):
        return raw
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return raw


def _to_form_input(form: Form, raw: object) -> FormInput:
    first = _all_fields(form)[0]
    raw = raw if isinstance(first, TextField) else _decode_json(raw)
    answers = raw if isinstance(raw, Mapping) else {first.key: raw}
    return {
        str(key): _to_field_input(form.field(str(key)), answer) for key, answer in answers.items()
    }


def _to_field_input(field: Field | None, answer: object) -> object:
    """Return an answer as a tap would give it; what nobody knows stays and is refused later."""
    if isinstance(answer, bool) or not isinstance(answer, (str, int)):
        return answer
    text = str(answer) if isinstance(answer, int) else answer
    return _match_option(field, text) if isinstance(field, ChoiceField) else text


def _match_option(choice: ChoiceField, text: str) -> str:
    normalized = text.strip().casefold()
    normalized = OPTION_BY_SIDE.get(normalized, normalized)
    values = {option.value: option.value for option in choice.options}
    labels = {option.label.casefold(): option.value for option in choice.options}
    for word in (normalized, f"{normalized}{DEFAULT_STRENGTH}"):
        if matched := values.get(word) or labels.get(word):
            return matched
    known = ", ".join(values)
    raise InvalidContentError(reason=f"its gold “{text[:60]}” is none of {known}")
