"""What a row may hold at all: texts that can be stored, numbers that can be written again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite

from bot.imports.row import quote_name

MAX_FIELD_CHARS = 200_000
"""Characters one text may have: more than anybody reads, less than a row should carry."""

MAX_NESTING = 100
"""Lists and objects that may lie in one another: JSON writers give up at about 250."""

MIN_INTEGER, MAX_INTEGER = -(2**63), 2**64 - 1
"""What 64 bits hold: orjson writes no other integers."""


def flaw_of(fields: Mapping[str, object]) -> str | None:
    """Say what keeps these fields from being stored, or None."""
    for column, value in fields.items():
        if flaw := _text_flaw(column):
            return f"the column name {quote_name(column)} {flaw}"
        if flaw := _value_flaw(value, MAX_NESTING):
            return f"its column {quote_name(column)} {flaw}"
    return None


def _value_flaw(value: object, levels: int) -> str | None:
    if isinstance(value, str):
        return _text_flaw(value)
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return _number_flaw(value)
    if not levels:
        return f"nests more than {MAX_NESTING} lists or objects in one another"
    return _first_flaw(_children(value), levels - 1)


def _first_flaw(parts: Iterable[object], levels: int) -> str | None:
    return next((flaw for part in parts if (flaw := _value_flaw(part, levels))), None)


def _children(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return (*value.keys(), *value.values())
    return value if isinstance(value, list) else ()


def _text_flaw(text: str) -> str | None:
    if len(text) > MAX_FIELD_CHARS:
        return f"has {len(text):,} characters, where {MAX_FIELD_CHARS:,} are allowed"
    if "\0" in text:
        return "holds a NUL character"  # PostgreSQL stores none
    if has_lone_surrogate(text):
        return "holds half a character (a lone surrogate)"
    return None


def has_lone_surrogate(text: str) -> bool:
    """Say whether the text holds half a character, which no UTF-8 can write."""
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _number_flaw(number: float) -> str | None:
    if isinstance(number, int):
        fits = MIN_INTEGER <= number <= MAX_INTEGER
        return None if fits else "holds a number beyond 64 bits; write it as a text"
    return None if isfinite(number) else "holds a number too large to store; write it as a text"
