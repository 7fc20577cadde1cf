"""Rows as lines of JSON, for every program that reads lines."""

from __future__ import annotations

import orjson

from bot.exports.formats.format import ExportRow

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
