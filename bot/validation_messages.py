"""Validation errors of pydantic in our own words; its messages speak of tuples and inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MAX_QUOTED_CHARACTERS = 40
"""Characters of a wrong value that a message repeats."""

MESSAGES = {
    "missing": "is missing",
    "extra_forbidden": "is unknown",
    "string_too_long": "{value} has {length:,} characters; at most {max_length:,} are allowed",
    "string_too_short": "is too short; write at least {min_length:,} characters",
    "string_pattern_mismatch": "{value} has characters that are not allowed",
    "string_type": "must be a text",
    "too_long": "has {actual_length:,} entries; at most {max_length:,} are allowed",
    "too_short": "needs {min_length:,} or more entries and has {actual_length:,}",
    "literal_error": "{value} is not allowed; choose {expected}",
    "enum": "{value} is not allowed; choose {expected}",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "{value} is not a whole number",
    "int_from_float": "{value} is not a whole number",
    "int_parsing_size": "is too large",
    "float_type": "must be a number",
    "float_parsing": "{value} is not a number",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "finite_number": "must be a number",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must have keys and values",
    "model_type": "must have keys and values",
    "json_invalid": "is not valid JSON",
}
"""Messages by type of error; the placeholders are its context."""

MESSAGES_WITHOUT_VALUE = {"string_too_long": "is longer than {max_length:,} characters"}
"""Messages that differ if the value is not known."""


def describe_error(error: Mapping[str, Any]) -> str:
    """Return what is wrong with a value, for one of the details of a ValidationError.

    A message that one of our own validators raised is already in our words. Without its `input`,
    the value is not repeated: it may be secret.
    """
    context = {name: _simplify(limit) for name, limit in (error.get("ctx") or {}).items()}
    if error["type"] in ("value_error", "assertion_error"):
        return str(context.get("error") or "is not valid")
    text = str(error.get("input", ""))
    quoted = f"“{shorten(text)}”" if "input" in error else ""
    messages = MESSAGES if "input" in error else MESSAGES | MESSAGES_WITHOUT_VALUE
    template = messages.get(error["type"], "{value} is not valid")
    return template.format(**{**context, "value": quoted, "length": len(text)}).strip()


def _simplify(limit: Any) -> Any:  # noqa: ANN401 - a number, text or error
    """Return 0 instead of 0.0."""
    return int(limit) if isinstance(limit, float) and limit.is_integer() else limit


def shorten(text: str) -> str:
    """Return the beginning of a long text."""
    is_long = len(text) > MAX_QUOTED_CHARACTERS
    return f"{text[:MAX_QUOTED_CHARACTERS].strip()}…" if is_long else text


def describe_place(location: Sequence[str | int]) -> str:
    """Return where a value is, as in “criteria 2, anchors 3”; entries count from 1."""
    words: list[str] = []
    for step in location:
        if isinstance(step, int) and words:
            words[-1] += f" {step + 1}"
        else:
            words.append(str(step))
    return ", ".join(words)


def without_consequences(errors: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the errors without those that only follow from errors inside the same value.

    If an entry of a list is invalid, pydantic also finds that the list has too few entries.
    """
    details = list(errors)
    places = [tuple(detail["loc"]) for detail in details]
    return [
        detail
        for detail, place in zip(details, places, strict=True)
        if not any(len(other) > len(place) and other[: len(place)] == place for other in places)
    ]
