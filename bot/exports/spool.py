"""Spool the rows of an export to disk as JSON Lines, the source of all its data files.

The schema is complete only after the last row, because the criteria of ratings and the keys of
messages are collected while the labels are read. Data files made from the same spool have the
same rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import orjson

from bot.exports.formats.format import (
    ChatMessage,
    Column,
    ColumnType,
    ExportRow,
    Format,
    LeftOutLabel,
)
from bot.exports.label_record import LabelRecord

BUFFER_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SpooledRows:
    """Result of spooling; `columns` are complete: with criteria and message keys.

    `answers` have rows, `left_out` counts those without by reason.
    """

    row_count: int
    left_out: Mapping[str, int]
    columns: tuple[Column, ...]
    answers: int = 0


def spool_rows(
    labels: Iterable[LabelRecord | LeftOutLabel], export_format: Format, path: Path
) -> SpooledRows:
    """Write the rows of each label to `path`, one at a time, in the order of `labels`."""
    row_count, answers, left_out = 0, 0, Counter[str]()
    names_by_column: dict[str, dict[str, None]] = {
        column.name: {} for column in export_format.columns if column.type in NAMES_IN_CELL
    }
    types = {column.name: column.type for column in export_format.columns}
    with path.open("wb", buffering=BUFFER_BYTES) as file:
        for record in labels:
            if isinstance(record, LeftOutLabel):
                left_out[record.reason] += record.answers
                continue
            rows = export_format.rows_of(record)
            if isinstance(rows, LeftOutLabel):
                left_out[rows.reason] += record.answers
                continue
            answers += record.answers
            for row in rows:
                for name, names in names_by_column.items():
                    names.update(dict.fromkeys(NAMES_IN_CELL[types[name]](row[name])))
                file.write(dump_line(row))
                row_count += 1
    columns = (
        _fill_in(column, names_by_column.get(column.name, ())) for column in export_format.columns
    )
    counts = {reason: count for reason, count in sorted(left_out.items()) if count}
    return SpooledRows(row_count, counts, tuple(columns), answers)


LINE_SEPARATORS = {
    character.encode(): b"\\u%04x" % ord(character) for character in "\x85\u2028\u2029"
}
"""Characters at which `str.splitlines` ends a line, and that JSON need not escape."""


def dump_line(row: ExportRow) -> bytes:
    """Return a row as one line of JSON, for every program that reads lines."""
    line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    for character, escape in LINE_SEPARATORS.items():
        if character in line:
            line = line.replace(character, escape)
    return line


def _fill_in(column: Column, names: Iterable[str]) -> Column:
    if column.type == "scores":
        return replace(column, criteria=tuple(names))
    return replace(column, message_keys=tuple(sorted(names)))


def _criteria_in(cell: object) -> Iterable[str]:
    return cast("dict[str, float]", cell)


def _message_keys_in(cell: object) -> Iterable[str]:
    """Return the keys of messages beside role and content."""
    for message in cast("list[ChatMessage]", cell):
        if len(message) > len(MESSAGE_KEYS):
            yield from (key for key in message if key not in MESSAGE_KEYS)


def _message_key_in(cell: object) -> Iterable[str]:
    return _message_keys_in([cell])


def _conversation_keys_in(cell: object) -> Iterable[str]:
    for messages in cast("list[list[ChatMessage]]", cell):
        yield from _message_keys_in(messages)


MESSAGE_KEYS = ("role", "content")

NAMES_IN_CELL: dict[ColumnType, Callable[[object], Iterable[str]]] = {
    "scores": _criteria_in,
    "message": _message_key_in,
    "messages": _message_keys_in,
    "conversations": _conversation_keys_in,
}
"""Types whose schema depends on the rows, and the names in a cell that it needs."""
