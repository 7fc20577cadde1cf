"""Limits on imported values: text that can be stored, numbers that can be written as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from math import isfinite

from bot.imports.role_order import role_order_flaw
from bot.imports.row import quote_name
from bot.kinds.content import Content

MAX_FIELD_CHARS = 200_000
"""Longest text in a field: more than an expert reads, and small enough to store with a row."""

DATA_URL_STARTS = ("data:image/", "data:audio/", "data:video/")

MAX_NESTING = 100
"""Deepest nesting of lists and objects: orjson refuses to write more than about 250 levels."""

MIN_INTEGER, MAX_INTEGER = -(2**63), 2**64 - 1
"""Range of 64-bit integers: orjson writes no others."""


def flaw_of(fields: Mapping[str, object]) -> str | None:
    """Return why these fields cannot be stored, None if they can."""
    for column, value in fields.items():
        if flaw := _name_flaw(column):
            return f"the column name {quote_name(column)} {flaw}"
        if flaw := _value_flaw(value, MAX_NESTING):
            return f"the column {quote_name(column)} {flaw}"
    return None


@lru_cache(maxsize=1_000)
def _name_flaw(name: str) -> str | None:
    """Return why a column name cannot be stored. All rows of a file have the same names."""
    return _text_flaw(name)


def _value_flaw(value: object, levels: int) -> str | None:
    if isinstance(value, str):
        return _text_flaw(value)
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return _number_flaw(value)
    if not levels:
        return f"has lists or objects nested more than {MAX_NESTING} deep"
    return _first_flaw(_children(value), levels - 1)


def _first_flaw(parts: Iterable[object], levels: int) -> str | None:
    return next((flaw for part in parts if (flaw := _value_flaw(part, levels))), None)


def _children(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return (*value.keys(), *value.values())
    return value if isinstance(value, list) else ()


def _text_flaw(text: str) -> str | None:
    if len(text) > MAX_FIELD_CHARS and not is_data_url(text):
        return f"has {len(text):,} characters; the limit is {MAX_FIELD_CHARS:,}"
    if "\0" in text:
        return "contains a NUL character"  # PostgreSQL cannot store it
    if has_lone_surrogate(text):
        return "contains an incomplete character (a lone surrogate)"
    return None


def is_data_url(text: str) -> bool:
    """Return whether a text is an image, audio or video as a `data:` URL, which may be long."""
    return text[:5].lower() == "data:" and text[:11].lower() in DATA_URL_STARTS


def has_lone_surrogate(text: str) -> bool:
    """Return whether the text has a lone surrogate, which UTF-8 cannot encode."""
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
        return None if fits else "has a number that does not fit in 64 bits; write it as text"
    return None if isfinite(number) else "has a number too large to store; write it as text"


MIN_PROMPT_CHARS = 40
"""Shortest text of several words that is taken for a prompt that is not mapped."""


def unmapped_prompt(content: Content) -> str | None:
    """Return a column that may have the prompt of an item without one, None if there is none."""
    if content.prompt or any(candidate.turns for candidate in content.candidates):
        return None
    if not content.candidates:
        return None
    responses = [candidate.text for candidate in content.candidates]
    named = (
        name
        for name, value in content.meta.items()
        if any(all(text not in response for response in responses) for text in _long_texts(value))
    )
    return next(named, None)


def _long_texts(value: object) -> Iterator[str]:
    """Yield the texts of several words in a value or in the object that it is."""
    for part in value.values() if isinstance(value, Mapping) else [value]:
        if isinstance(part, str) and len(part) >= MIN_PROMPT_CHARS and " " in part.strip():
            yield part


def warnings_of(content: Content) -> Iterator[str]:
    """Yield what to know about an item that is imported: conversations in an unusual order."""
    own_turns = {candidate.turns for candidate in content.candidates} or {()}
    if len(content.prompt) == 1 and content.prompt[0].role == "user" and not any(own_turns):
        return  # as in most files
    for turns in [(*content.prompt, *own) for own in own_turns]:
        if turns and (flaw := role_order_flaw(turns)):
            yield f"the conversation {flaw}, which most chat templates refuse"
            return
