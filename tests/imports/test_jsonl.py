"""JSON Lines are read strictly, and each bad line is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.imports.jsonl import read_jsonl
from bot.imports.row import InvalidRow, Row

FileOf = Callable[[str, str | bytes], Path]


def test_rows_keep_their_physical_line_and_blank_lines_are_passed_over(file_of: FileOf) -> None:
    path = file_of("a.jsonl", '{"a": 1}\r\n\r\n   \n{"a": {"b": ["ü", null, 2.5]}}\n\n')
    assert list(read_jsonl(path)) == [Row(1, {"a": 1}), Row(4, {"a": {"b": ["ü", None, 2.5]}})]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"a": 1', "it is not JSON: Expecting ',' delimiter (column 8)"),
        (b'{"a": "b\tc"}', "it is not JSON: Invalid control character at (column 9)"),
        (b'{"a": "\x00"}', "it is not JSON: Invalid control character at (column 8)"),
        (b'{"a": 1} x', "it is not JSON: Extra data (column 10)"),
        (b'{"a": "caf\xe9"}', "it is not UTF-8 (byte 11)"),
        (b'{"a": "\xed\xa0\x80"}', "it is not UTF-8 (byte 8)"),
        (b"[1, 2]", "it is a list, where an object is wanted"),
        (b'"text"', "it is a text, where an object is wanted"),
        (b"12", "it is a number, where an object is wanted"),
        (b"true", "it is true or false, where an object is wanted"),
        (b"null", "it is null, where an object is wanted"),
        (b'{"a": 1, "b": 2, "a": 3}', "it names “a” twice"),
        (b'{"x": {"b": 1, "b": 1}}', "it names “b” twice"),
        (b'{"a": NaN}', "NaN is no JSON number"),
        (b'{"a": -Infinity}', "-Infinity is no JSON number"),
        (b'{"a":' + b"[" * 100_000, "it nests too many lists or objects in one another"),
        (b'{"a":' * 100_000, "it nests too many lists or objects in one another"),
        (b'{"a": 1' + b"0" * 5_000 + b"}", "it holds a number beyond 64 bits; write it as a text"),
    ],
)
def test_a_bad_line_is_named_and_the_next_one_read(
    file_of: FileOf, line: bytes, reason: str
) -> None:
    path = file_of("a.jsonl", b'{"a": 0}\n' + line + b'\n{"a": 2}\n')
    assert list(read_jsonl(path)) == [Row(1, {"a": 0}), InvalidRow(2, reason), Row(3, {"a": 2})]


def test_a_line_beyond_16_mb_is_a_bad_row(file_of: FileOf) -> None:
    path = file_of("a.jsonl", b'{"a": "' + b"x" * 16 * 1024 * 1024 + b'"}\n{"a": 2}')
    assert list(read_jsonl(path)) == [InvalidRow(1, "it is longer than 16 MB"), Row(2, {"a": 2})]
