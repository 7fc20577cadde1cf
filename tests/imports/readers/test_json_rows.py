"""JSON Lines importer: strict parsing, one invalid row per bad line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports.readers.json_rows import DECODER, describe_flaw, read_json
from bot.imports.row import InvalidRow, Row
from tests.imports.conftest import source_of

FileOf = Callable[[str, str | bytes], Path]
Factory = pytest.TempPathFactory


def test_rows_have_physical_line_numbers_and_blank_lines_are_skipped(file_of: FileOf) -> None:
    path = file_of("a.jsonl", '{"a": 1}\r\n\r\n   \n{"a": {"b": ["ü", null, 2.5]}}\n\n')
    assert list(read_json(source_of(path))) == [
        Row(1, {"a": 1}),
        Row(4, {"a": {"b": ["ü", None, 2.5]}}),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"a": 1', "invalid JSON: Expecting ',' delimiter (column 8)"),
        (b'{"a": "b\tc"}', "invalid JSON: Invalid control character at (column 9)"),
        (b'{"a": "\x00"}', "invalid JSON: Invalid control character at (column 8)"),
        (b'{"a": 1} x', "invalid JSON: Extra data (column 10)"),
        (b'{"a": "caf\xe9"}', "the row is not UTF-8 (byte 11)"),
        (b'{"a": "\xed\xa0\x80"}', "the row is not UTF-8 (byte 8)"),
        (b"[1, 2]", "the row must be an object, not a list"),
        (b'"text"', "the row must be an object, not text"),
        (b"12", "the row must be an object, not a number"),
        (b"true", "the row must be an object, not a Boolean"),
        (b"null", "the row must be an object, not null"),
        (b'{"a": 1, "b": 2, "a": 3}', "the key “a” occurs twice"),
        (b'{"x": {"b": 1, "b": 1}}', "the key “b” occurs twice"),
        (b'{"a": 1, "a" : 2, "b": "c:"}', "the key “a” occurs twice"),
        (b'{"a": ":", "a"  : "\\":"}', "the key “a” occurs twice"),
        (b'{"a": NaN}', "NaN is not a JSON number"),
        (b'{"a": -Infinity}', "-Infinity is not a JSON number"),
        (b'{"a":' + b"[" * 100_000, "lists or objects are nested too deeply"),
        (b'{"a":' * 100_000, "lists or objects are nested too deeply"),
        (b'{"a": 1' + b"0" * 5_000 + b"}", "a number does not fit in 64 bits; write it as text"),
    ],
)
def test_lines_after_an_invalid_line_are_read(file_of: FileOf, line: bytes, reason: str) -> None:
    path = file_of("a.jsonl", b'{"a": 0}\n' + line + b'\n{"a": 2}\n')
    assert list(read_json(source_of(path))) == [
        Row(1, {"a": 0}),
        InvalidRow(2, reason),
        Row(3, {"a": 2}),
    ]


def test_line_longer_than_16_mb_is_an_invalid_row(file_of: FileOf) -> None:
    path = file_of("a.jsonl", b'{"a": "' + b"x" * 16 * 1024 * 1024 + b'"}\n{"a": 2}')
    assert list(read_json(source_of(path))) == [
        InvalidRow(1, "the row is longer than 16 MB"),
        Row(2, {"a": 2}),
    ]


ENTRIES = st.tuples(
    st.sampled_from(['"a"', '"b"', '"a:"', '"\\u0061"']),
    st.sampled_from([":", ": ", " :", "\t:", " \t: "]),
    st.sampled_from(['""', '":"', '"\\":"', '" :"', "1", "1e16", "[{}]", '{"a":1}', '{"a":":"}']),
).map("".join)


@given(st.lists(ENTRIES, max_size=4).map(",".join))
def test_line_is_read_as_the_strict_parser_reads_it(tmp_path_factory: Factory, inner: str) -> None:
    line = f"{{{inner}}}"
    path = tmp_path_factory.mktemp("rows") / "a.jsonl"
    path.write_text(line + "\n")
    try:
        expected: object = Row(1, DECODER.decode(line))
    except ValueError as error:
        expected = InvalidRow(1, describe_flaw(error))
    assert list(read_json(source_of(path))) == [expected]
