"""CSV and TSV importers: quoting, delimiters, invalid rows and headers, memory use."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports.csv_tsv import read_csv, read_tsv
from bot.imports.row import InvalidRow, Row, UnreadableFileError

FileOf = Callable[[str, str | bytes], Path]

NOT_CLOSED = "a quoted field is never closed, so the rest of the file cannot be read"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_quoted_field_may_span_lines_and_row_has_its_first_line(file_of: FileOf, end: str) -> None:
    lines = ["id,text", '1,"a, ""b""', 'and c"', "", ",", '2,5" pipe', ""]
    path = file_of("a.csv", end.join(lines))
    assert list(read_csv(path)) == [
        Row(2, {"id": "1", "text": 'a, "b"\nand c'}),
        Row(6, {"id": "2", "text": '5" pipe'}),
    ]


@pytest.mark.parametrize(
    ("read", "content"),
    [
        (read_csv, "id,text;more\n1,a;b\n"),
        (read_csv, "\n\nid,text;more\n1,a;b\n"),
        (read_csv, "id;text;more\n1;a;b\n"),
        (read_csv, "\ufeff id ; text ;more\n1;a;b\n"),
        (read_tsv, "id\ttext\tmore\n1\ta\tb\n"),
    ],
)
def test_delimiter_is_detected(
    file_of: FileOf, read: Callable[[Path], list[Row]], content: str
) -> None:
    (row,) = read(file_of("a", content))
    assert ";".join(str(value) for value in row.fields.values()) == "1;a;b"
    assert ";".join(row.fields) == "id;text;more"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"2", "expected 2 fields as in the header, found 1"),
        (b"2,b,c", "expected 2 fields as in the header, found 3"),
        (b"2,caf\xe9", "the row is not UTF-8"),
        (b'2,"b"c', "text follows a closing quote; write quotes inside a quoted field twice"),
        (
            b"2," + b"x" * 1_200_000,
            "a field has more than 1,000,000 characters; the limit is 200,000",
        ),
        (b"2," + b"x" * 16 * 1024 * 1024, "the row is longer than 16 MB"),
    ],
)
def test_rows_after_an_invalid_row_are_read(file_of: FileOf, row: bytes, reason: str) -> None:
    path = file_of("a.csv", b"id,text\n1,a\n" + row + b"\n3,c\n")
    first, third = Row(2, {"id": "1", "text": "a"}), Row(4, {"id": "3", "text": "c"})
    assert list(read_csv(path)) == [first, InvalidRow(3, reason), third]


def test_invalid_utf8_does_not_split_a_row_of_several_lines(file_of: FileOf) -> None:
    path = file_of("a.csv", b'id,text\n1,"caf\xe9\nand, more"\n2,b\n')
    assert list(read_csv(path)) == [
        InvalidRow(2, "the row is not UTF-8"),
        Row(4, {"id": "2", "text": "b"}),
    ]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ('2,"b\n3,c\n4,d\n', NOT_CLOSED),
        ('2,"b' + "\n3,c" * 300_000 + '"\n5,e\n', NOT_CLOSED),
        (
            "2" + (',"' + f"{'b' * 99}\n" * 9_000 + '"') * 20 + "\n5,e\n",
            "the row is longer than 16 MB, so the rest of the file cannot be read",
        ),
        (
            '2,"b\nc "d" e"\n5,e\n',
            (
                "text follows a closing quote; write quotes inside a quoted field twice, "
                "so the rest of the file cannot be read"
            ),
        ),
    ],
)
def test_reading_stops_when_the_next_row_start_is_unknown(
    file_of: FileOf, rows: str, reason: str
) -> None:
    path = file_of("a.csv", "id,text\n1,a\n" + rows)
    assert list(read_csv(path)) == [Row(2, {"id": "1", "text": "a"}), InvalidRow(3, reason)]


def test_unclosed_quote_does_not_load_the_file_into_memory(file_of: FileOf) -> None:
    path = file_of("a.csv", 'id,text\n1,"a\n' + ("x" * 999 + "\n") * 40_000)
    tracemalloc.start()
    assert list(read_csv(path)) == [InvalidRow(2, NOT_CLOSED)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 15_000_000


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("id,,text", "column 2 has no name in the header; name it or remove it"),
        ("id, ", "column 2 has no name in the header; name it or remove it"),
        ("id,text,id", "the header names “id” twice"),
        ("id, id", "the header names “id” twice"),
        ("id,a\0b", "the column name “a\N{REPLACEMENT CHARACTER}b” contains a NUL character"),
        (b"id,caf\xe9", "the header is not UTF-8; save the file as UTF-8"),
        ('id,"a"b', "in the header, text follows a closing quote"),
    ],
)
def test_header_with_missing_duplicate_or_invalid_names_is_rejected(
    file_of: FileOf, header: str | bytes, reason: str
) -> None:
    start = header if isinstance(header, bytes) else header.encode()
    with pytest.raises(UnreadableFileError) as caught:
        list(read_csv(file_of("a.csv", start + b"\n1,2\n")))
    assert str(caught.value).startswith(f"“a.csv” cannot be imported: {reason}")


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", "id,text", "id,text\n\n"])
def test_file_without_rows_yields_nothing(file_of: FileOf, content: str) -> None:
    assert list(read_csv(file_of("a.csv", content))) == []


def test_unclosed_quote_in_header_is_reported(file_of: FileOf) -> None:
    assert list(read_csv(file_of("a.csv", 'id,"text\n1,a\n'))) == [InvalidRow(1, NOT_CLOSED)]


# "\r" is excluded: inside a quoted field it is read as "\n", like every other line end
_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=20)


@given(st.lists(st.tuples(_texts, _texts), max_size=5))
def test_csv_written_by_python_round_trips(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple[str, str]]
) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([("id", "text"), *values])
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_text(buffer.getvalue(), encoding="utf-8", newline="")
    expected = [{"id": key, "text": text} for key, text in values if (key + text).strip()]
    assert [row.fields for row in read_csv(path) if isinstance(row, Row)] == expected
