"""From the fields of a row to the content of an item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from bot.imports.columns import Columns, rest_of, value_at
from bot.imports.row import UnusableRowError, kind_of_value, quoted
from bot.kinds.content import Candidate, Content, Turn, turns_from

TEXT_KEYS = ("text", "content", "response")
"""Where a candidate that is an object keeps its text, the first that is there."""


def content_from(row: Mapping[str, object], columns: Columns) -> Content:
    """Return the item that the row holds; every other column becomes its meta.

    A candidate is a text, an object with its text (and perhaps its model), or a list of messages
    of which the last is the response.

    Raises:
        UnusableRowError: with the reason.
    """
    return Content(
        prompt=_prompt([value_at(row, column) for column in columns.prompt]),
        candidates=_candidates(
            [value_at(row, column) for column in columns.candidates],
            [value_at(row, column) for column in columns.models],
        ),
        draft=_draft([value_at(row, column) for column in columns.draft]),
        meta=rest_of(row, columns.every()),
    )


def _is_blank(value: object) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _prompt(values: Sequence[object]) -> tuple[Turn, ...]:
    there = [value for value in values if not _is_blank(value)]
    if not there:
        return ()
    if len(values) == 1:
        return _turns(there[0])
    other = next((value for value in there if not isinstance(value, str)), None)
    if other is not None:
        message = f"its prompt is joined of texts, and one of them is {kind_of_value(other)}"
        raise UnusableRowError(message)
    return _turns("\n\n".join(cast("str", value).strip() for value in there))


def _turns(value: object) -> tuple[Turn, ...]:
    try:
        return turns_from(value)
    except ValueError as error:
        raise UnusableRowError(str(error)) from error


def _draft(values: Sequence[object]) -> str | None:
    if not values or _is_blank(values[0]):
        return None
    if not isinstance(values[0], str):
        message = f"its draft is {kind_of_value(values[0])}, where a text is wanted"
        raise UnusableRowError(message)
    return values[0]


def _candidates(values: Sequence[object], models: Sequence[object]) -> tuple[Candidate, ...]:
    if len(values) == 1 and isinstance(values[0], list) and not _is_conversation(values[0]):
        values = values[0]
    if len(models) == 1 and (isinstance(models[0], list) or _is_blank(models[0])):
        models = models[0] if isinstance(models[0], list) else []
    if models and len(models) != len(values):
        message = f"it has {len(values)} candidates and {len(models)} models"
        raise UnusableRowError(message)
    named = models or [None] * len(values)
    return tuple(
        _candidate(number, value, model)
        for number, (value, model) in enumerate(zip(values, named, strict=True), start=1)
    )


def _is_conversation(value: object) -> bool:
    return isinstance(value, list) and any(
        isinstance(part, Mapping) and "role" in part for part in value
    )


def _candidate(number: int, value: object, model: object) -> Candidate:
    if _is_conversation(value):
        value = _response(number, cast("list[object]", value))
    if isinstance(value, Mapping):
        model = value.get("model") if _is_blank(model) else model
        value = _text_inside(number, value)
    return Candidate(_text(number, value), _model(number, model))


def _response(number: int, messages: list[object]) -> object:
    last = messages[-1]
    if not isinstance(last, Mapping) or last.get("role") != "assistant":
        message = f"candidate {number} must end with what the assistant says"
        raise UnusableRowError(message)
    return last


def _text_inside(number: int, candidate: Mapping[str, object]) -> object:
    key = next((key for key in TEXT_KEYS if key in candidate), None)
    if key is None:
        known = " or ".join(quoted(key) for key in TEXT_KEYS)
        message = f"candidate {number} is an object without a {known}"
        raise UnusableRowError(message)
    return candidate[key]


def _text(number: int, value: object) -> str:
    if _is_blank(value):
        message = f"candidate {number} is blank"
        raise UnusableRowError(message)
    if not isinstance(value, str):
        message = f"candidate {number} is {kind_of_value(value)}, where a text is wanted"
        raise UnusableRowError(message)
    return value


def _model(number: int, value: object) -> str | None:
    if _is_blank(value):
        return None
    if not isinstance(value, str):
        message = f"the model of candidate {number} is {kind_of_value(value)}, not a name"
        raise UnusableRowError(message)
    return value.strip()
