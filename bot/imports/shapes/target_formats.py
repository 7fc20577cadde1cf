"""Rows that an export of ours has for another trainer or tool, as rows of our own formats."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import cast

from bot.imports.messages import is_conversation
from bot.imports.shapes.shape import Fields, cell, has_columns, without

TURN_PATTERN = re.compile(r"\n<extra_id_1>(User|Assistant)\n")
"""Begins each turn of a HelpSteer prompt after the first."""


def own_fields(row: Fields) -> Fields:
    """Return a row with the columns of our own formats, unchanged if it has them already."""
    if has_columns("context", "response1", "response2")(row):
        return _fields_of_helpsteer_pair(row)
    if has_columns("prompt", "response", "turn")(row):
        return _fields_of_helpsteer_rating(row)
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
