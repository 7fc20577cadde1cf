"""Physical lines: line ends, numbering, length limit, and files that are not UTF-8 text."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.imports.readers.lines import BLOCK_BYTES, MAX_LINE_BYTES, Line, read_lines
from bot.imports.row import UnreadableFileError
from tests.imports.conftest import source_of

FileOf = Callable[[str, str | bytes], Path]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("last", [b"", b"end"])
def test_lines_end_with_lf_crlf_or_cr(file_of: FileOf, end: bytes, last: bytes) -> None:
    content = end.join([b"one", b"", "dré\u2028i".encode(), last])
    lines = [(line.number, line.data) for line in read_lines(source_of(file_of("a.csv", content)))]
    expected = [(1, b"one"), (2, b""), (3, "dré\u2028i".encode()), (4, last)]
    assert lines == (expected if last else expected[:3])


@settings(max_examples=50)
@given(
    pieces=st.lists(st.sampled_from([b"a", b"\r", b"\n", b"\r\n"]), max_size=30),
    before=st.integers(min_value=BLOCK_BYTES - 8, max_value=BLOCK_BYTES + 2),
)
def test_line_end_may_span_two_blocks(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], before: int
) -> None:
    content = b"x" * before + b"".join(pieces)
    path = tmp_path_factory.mktemp("lines") / "a.jsonl"
    path.write_bytes(content)
    lines = [line.data for line in read_lines(source_of(path))]
    assert lines == content.splitlines()


def test_utf8_byte_order_mark_is_skipped(file_of: FileOf) -> None:
    assert list(read_lines(source_of(file_of("a.csv", b"\xef\xbb\xbfid")))) == [Line(1, b"id")]


def test_empty_file_has_no_lines(file_of: FileOf) -> None:
    assert list(read_lines(source_of(file_of("a.csv", b"")))) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04rest of a workbook", "it is a workbook or a ZIP file; rename it"),
        (b"\x1f\x8b\x08rest", "it is compressed"),
        (b"PAR1rest", "it is a Parquet file"),
        (b"\0\0\0a" * 9, "it has too many NUL bytes"),
    ],
)
def test_file_that_is_not_text_is_rejected(file_of: FileOf, content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        list(read_lines(source_of(file_of("pairs.csv", content))))
    assert str(caught.value).startswith(f"“pairs.csv” cannot be imported: {reason}")


def test_file_that_cannot_be_opened_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        list(read_lines(source_of(tmp_path / "gone.csv")))
    assert str(caught.value) == "“gone.csv” cannot be imported: no such file or directory."


def test_too_long_line_is_skipped_without_being_held_in_memory(file_of: FileOf) -> None:
    path = file_of("a.jsonl", b"")
    with path.open("wb") as file:
        file.writelines(
            [b"one\n", *[b"x" * BLOCK_BYTES] * (2 * MAX_LINE_BYTES // BLOCK_BYTES), b"\nthree\n"]
        )
    tracemalloc.start()
    lines = list(read_lines(source_of(path)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert lines == [Line(1, b"one"), Line(2, None), Line(3, b"three")]
    assert peak < MAX_LINE_BYTES + 4 * BLOCK_BYTES


def test_line_of_maximum_length_is_read(file_of: FileOf) -> None:
    longest = b"x" * MAX_LINE_BYTES
    lines = list(read_lines(source_of(file_of("a.jsonl", longest + b"\n" + longest + b"x"))))
    assert [line.data is None for line in lines] == [False, True]
