"""Rows that an export of ours has for another trainer or tool, as rows of our own formats."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from bot.imports.messages import is_conversation
from bot.imports.shapes.shape import Fields, cell, has_columns, without

TURN_PATTERN = re.compile(r"\n<extra_id_1>(User|Assistant)\n")
"""Begins each turn of a HelpSteer prompt after the first."""

RANK_PATTERN = re.compile(r"ranks\.(\d+)")
"""A column of a table for people that has the rank of one response."""

ESCAPED_FORMULA = re.compile("'+(?:_x000D_|[=+\\-@\t\n\uff1d\uff0b\uff0d\uff20])")
"""How a text begins that an apostrophe keeps from being a formula."""

ESCAPED_CHARACTER = re.compile("_x(000D|0000|005F)_")


def own_fields(row: Fields) -> Fields:
    """Return a row with the columns of our own formats, unchanged if it has them already."""
    for columns, convert in ROW_READERS:
        if has_columns(*columns)(row):
            return convert(row)
    chosen, rejected, messages = (cell(row, name) for name in ("chosen", "rejected", "messages"))
    if isinstance(chosen, Mapping):
        return {**row, "prompt": messages, "chosen": [chosen], "rejected": [rejected]}
    if is_conversation(chosen) and not is_conversation(cell(row, "prompt")):
        pair = (cast("Sequence[object]", part) for part in (chosen, rejected))
        (prompt, better), (_prompt, worse) = map(_split, pair)
        return {**row, "prompt": prompt, "chosen": better, "rejected": worse}
    if is_conversation(messages) and "prompt" not in row:
        prompt, completion = _split(cast("Sequence[object]", messages))
        return {**row, "prompt": prompt, "completion": completion}
    return row


def _fields_of_table(row: Fields) -> Fields:
    """Return a row of a table for people, whose lists have a column for each entry."""
    texts = {name: _unescape(cell) if isinstance(cell, str) else cell for name, cell in row.items()}
    numbers = sorted(
        int(match[1])
        for name, rank in texts.items()
        if (match := RANK_PATTERN.fullmatch(name)) and rank not in (None, "")
    )
    return {
        **texts,
        "prompt": cell(texts, "prompt_messages"),
        "ranked": [texts.get(f"ranked.{number}") or "" for number in numbers],
        "ranked_models": [texts.get(f"ranked_models.{number}") for number in numbers],
    }


def _unescape(text: str) -> str:
    """Return the text that `bot.exports.files.table_cells.escape_text` wrote into a cell."""
    if ESCAPED_FORMULA.match(text):
        text = text[1:]
    return ESCAPED_CHARACTER.sub(lambda match: chr(int(match[1], 16)), text)


def _split(conversation: Sequence[object]) -> tuple[list[object], list[object]]:
    """Return the messages before the last one, and the last one."""
    return list(conversation[:-1]), list(conversation[-1:])


def _fields_of_helpsteer_pair(row: Fields) -> Fields:
    numbers = (1, 2)
    return {
        **without(row, "context", "response1", "response2"),
        "prompt": cell(row, "context"),
        "candidates": [_response(row[f"response{number}"]) for number in numbers],
        "models": [row.get(f"model{number}") for number in numbers],
        "ranks": [],
    }


def _fields_of_helpsteer_rating(row: Fields) -> Fields:
    first, *others = TURN_PATTERN.split(str(row["prompt"]))
    turns = zip(("User", *others[::2]), (first, *others[1::2]), strict=True)
    return {
        **without(row, "prompt", "response"),
        "prompt": [{"role": name.lower(), "content": text} for name, text in turns],
        "completion": _response(row["response"]),
        "scores": {},
    }


def _response(text: object) -> list[Fields]:
    return [{"role": "assistant", "content": text}]


ROW_READERS: tuple[tuple[tuple[str, ...], Callable[[Fields], Fields]], ...] = (
    (("prompt_messages", "guidelines_version"), _fields_of_table),
    (("context", "response1", "response2"), _fields_of_helpsteer_pair),
    (("prompt", "response", "turn"), _fields_of_helpsteer_rating),
)
"""Columns by which rows of a format are recognized, and what reads them."""
