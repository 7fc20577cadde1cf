"""What the first rows of a file show about its columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, cast

from bot.imports.literals import parse_cell
from bot.imports.mapping import ColumnMapping, value_at
from bot.imports.messages import is_conversation
from bot.imports.shapes.shape import Fields, Shape, is_user_message
from bot.kinds.base import Kind

BLANK_CELLS: tuple[object, ...] = (None, "", [], "[]", "{}", "null")
"""Cells that say nothing about their column."""

SHAPED_PARTS = ("prompt", "system", "history", "candidates", "models", "draft", "id")
"""Parts that a shape may return under their own name."""

CONVERSATION_PAIR = ("chosen", "rejected")


def has_prompt(
    columns: ColumnMapping, kind: Kind[Any], shape: Shape | None, sample: Sequence[Fields]
) -> bool:
    """Return whether the candidates are conversations, which begin with the prompt."""
    if columns.prompt or not kind.example.content.candidates:
        return False
    if any("prompt" in fields for fields in sample):
        return False
    if shape and not shape.has_own_columns and any("candidates" in fields for fields in sample):
        return True
    pairs = [[parse_cell(fields.get(name)) for name in CONVERSATION_PAIR] for fields in sample]
    return bool(pairs) and all(
        is_conversation(value) and any(map(is_user_message, cast("list[object]", value)))
        for pair in pairs
        for value in pair
    )


def has_only(values: Iterable[object], is_suitable: Callable[[object], bool]) -> bool:
    """Return whether all values that are not blank are suitable, and there is one."""
    present = [value for value in values if value not in BLANK_CELLS]
    return bool(present) and all(map(is_suitable, present))


def has_mostly(values: Iterable[object], is_suitable: Callable[[object], bool]) -> bool:
    """Return whether at least half of the values that are not blank are suitable."""
    suitable = [is_suitable(value) for value in values if value not in BLANK_CELLS]
    return bool(suitable) and 2 * sum(suitable) >= len(suitable)


def is_list(value: object) -> bool:
    """Return whether a value is a list, or a text that contains one."""
    return isinstance(parse_cell(value), list)


def json_columns(columns: ColumnMapping, sample: Sequence[Fields]) -> frozenset[str]:
    """Return the columns that contain JSON as text in all sampled rows.

    Messages are certain. A list of texts may be what a model wrote, except in the prompt and in a
    column that has all candidates.
    """
    wholes = {*columns.prompt, *columns.system, *columns.history, *columns.models}
    wholes |= {*columns.candidates} if len(columns.candidates) == 1 else set()
    names = {name for part in SHAPED_PARTS for name in getattr(columns, part)}
    names |= {name for part in ("images", "audio", "video") for name in getattr(columns, part)}
    return frozenset(
        name
        for name in names
        if has_only(
            [value_at(fields, name) for fields in sample],
            partial(_is_encoded, may_be_texts=name in wholes),
        )
    )


def _is_encoded(value: object, *, may_be_texts: bool) -> bool:
    if not isinstance(value, str):
        return False
    parsed = parse_cell(value)
    if is_conversation(parsed):
        return True
    if isinstance(parsed, Mapping):
        return "messages" in parsed or "role" in parsed
    return may_be_texts and isinstance(parsed, list) and bool(parsed)
