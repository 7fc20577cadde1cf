"""Gold answers: known correct answers in imported files, parsed and checked by the kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from bot.kinds.base import AnswerValue, FormInput, InvalidAnswerError, InvalidContentError, Kind
from bot.kinds.content import Content
from bot.kinds.form import ChoiceField, Field, Form, RankingField, TextField
from bot.kinds.settings import KindSettings

OPTION_BY_SIDE = {"left": "a", "right": "b"}
"""Option values of the first and second candidate by their names in exports."""

DEFAULT_STRENGTH = "2"
"""The strength of a gold verdict without one, if the campaign asks for it: “better”."""


def parse_gold(
    kind: Kind[Any], content: Content, settings: KindSettings, raw: object
) -> AnswerValue:
    """Return the gold answer of an item by form field, with the candidates in imported order.

    `raw` is an object with an answer per field (not all fields are required), or the answer to the
    first field alone. Both may be JSON text, for file formats without types.

    Raises:
        InvalidContentError: it is not a valid answer to the item.
    """
    order = range(len(content.candidates))
    form = kind.build_form(content, settings, order)
    form_input = _to_form_input(form, raw)
    if unknown_keys := [key for key in form_input if form.field(key) is None]:
        known = ", ".join(field.key for field in _all_fields(form))
        reason = f"its gold answer has an unknown field “{unknown_keys[0]}”; the fields are {known}"
        raise InvalidContentError(reason=reason)
    try:
        value = kind.parse_answer(form_input, {}, settings, order).value
    except InvalidAnswerError as error:
        reason = f"its gold answer is invalid: {error}".rstrip(".")
        raise InvalidContentError(reason=reason) from error
    if not value:
        raise InvalidContentError(reason="its gold answer is empty")
    first_field = _all_fields(form)[0]
    if isinstance(first_field, (ChoiceField, RankingField)) and first_field.key not in value:
        raise InvalidContentError(reason=f"its gold answer has no {first_field.key}")
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
    first_field = _all_fields(form)[0]
    raw = raw if isinstance(first_field, TextField) else _decode_json(raw)
    answers = raw if isinstance(raw, Mapping) else {first_field.key: raw}
    return {
        str(key): _to_field_input(form.field(str(key)), answer) for key, answer in answers.items()
    }


def _to_field_input(field: Field | None, answer: object) -> object:
    """Return an answer as a tap would send it; the kind rejects unknown values later."""
    if isinstance(answer, bool) or not isinstance(answer, (str, int)):
        return answer
    text = str(answer) if isinstance(answer, int) else answer
    return _match_option(field, text) if isinstance(field, ChoiceField) else text


def _match_option(choice: ChoiceField, text: str) -> str:
    normalized = text.strip().casefold()
    normalized = OPTION_BY_SIDE.get(normalized, normalized)
    values = {option.value: option.value for option in choice.options}
    labels = {option.label.casefold(): option.value for option in choice.options}
    for name in (normalized, normalized.replace(" ", "_"), f"{normalized}{DEFAULT_STRENGTH}"):
        if value := values.get(name) or labels.get(name):
            return value
    known = ", ".join(values)
    raise InvalidContentError(reason=f"its gold answer “{text[:60]}” is not one of {known}")
