"""Rows as lines of JSON, for every program that reads lines."""

from __future__ import annotations

from typing import BinaryIO

import orjson

from bot.exports.formats.format import ExportRow

BATCH_BYTES = 4 * 1024 * 1024
"""Rows in memory at a time, in bytes. Each batch becomes a row group of Parquet, so that the same
rows always give the same file."""

LINE_SEPARATORS = {
    character.encode(): b"\\u%04x" % ord(character) for character in "\x85\u2028\u2029"
}
"""Characters at which `str.splitlines` ends a line, and that JSON need not escape."""


def dump_line(row: ExportRow) -> bytes:
    """Return a row as one line of JSON."""
    return escape_separators(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


def escape_separators(lines: bytes) -> bytes:
    """Return lines of JSON in which nothing else ends a line."""
    if lines.isascii():
        return lines
    for character, escape in LINE_SEPARATORS.items():
        if character in lines:
            lines = lines.replace(character, escape)
    return lines


def read_batch(lines: BinaryIO) -> bytes:
    """Return the next lines of a file, just more than `BATCH_BYTES`; empty at its end."""
    return lines.read(BATCH_BYTES) + lines.readline()
