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

from bot.imports.readers.csv_tsv import MAX_READ_CHARS, read_csv, read_tsv
from bot.imports.readers.source import FileSource, ReadOptions
from bot.imports.row import InvalidRow, Row, RowWarning, UnreadableFileError
from tests.imports.conftest import source_of

FileOf = Callable[[str, str | bytes], Path]

NOT_CLOSED = "a quoted field is never closed, so the rest of the file cannot be read"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_quoted_field_may_span_lines_and_row_has_its_first_line(file_of: FileOf, end: str) -> None:
    lines = ["id,text", '1,"a, ""b""', 'and c"', "", ",", '2,5" pipe', ""]
    path = file_of("a.csv", end.join(lines))
    assert list(read_csv(source_of(path))) == [
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
    file_of: FileOf, read: Callable[[FileSource], list[Row]], content: str
) -> None:
    (row,) = read(source_of(file_of("a", content)))
    assert ";".join(str(value) for value in row.fields.values()) == "1;a;b"
    assert ";".join(row.fields) == "id;text;more"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"2", "expected 2 fields as in the header, found 1"),
        (b"2,b,c", "expected 2 fields as in the header, found 3"),
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
    assert list(read_csv(source_of(path))) == [first, InvalidRow(3, reason), third]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Le café est très bon: «déjà vu»"),
        ("cp1251", "Почему вода мокрая?"),
        ("cp1250", "Příliš žluťoučký kůň"),
        ("shift_jis", "これはペンです"),
        ("gb18030", "这是一个问题吗"),
    ],
)
def test_file_in_a_code_page_is_rejected_as_a_whole(
    file_of: FileOf, encoding: str, text: str
) -> None:
    rows = "id,text\n1,plain\n" + f"2,{text}\n" * 20
    path = file_of("a.csv", rows.encode(encoding))
    with pytest.raises(UnreadableFileError, match=f"not UTF-8 but probably {encoding}; save it"):
        list(read_csv(source_of(path)))
    read = list(read_csv(source_of(path, ReadOptions(encoding=encoding))))
    assert read[1] == Row(3, {"id": "2", "text": text})


def test_wrong_byte_late_in_a_file_is_found_before_the_first_row(file_of: FileOf) -> None:
    path = file_of("a.csv", b"id,text\n" + b"1,plain\n" * 100_000 + b"2,caf\xe9\n")
    with pytest.raises(UnreadableFileError, match="probably cp1252"):
        next(read_csv(source_of(path)))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_unicode_encodings_are_recognized(file_of: FileOf, encoding: str) -> None:
    path = file_of("a.tsv", "id\ttext\r\n1\tcafé 🙂 for all\r\n".encode(encoding))
    assert list(read_tsv(source_of(path))) == [Row(2, {"id": "1", "text": "café 🙂 for all"})]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("sep=;\nid;text\n1;a,b\n", 3),
        ('"sep=;"\r\nid;text\r\n1;a,b\r\n', 3),
        ("sep=|\nid|text\n1|a,b\n", 3),
        ('id;"the text, in short"\n1;a,b\n', 2),
        ("id;the text, in short\n1;a,b\n2;c\n", 2),
        ("id|text\n1|a,b\n", 2),
    ],
)
def test_delimiter_of_excel_and_commas_in_the_header(
    file_of: FileOf, content: str, line: int
) -> None:
    row = next(read_csv(source_of(file_of("a.csv", content))))
    assert isinstance(row, Row)
    assert (row.line, list(row.fields.values())) == (line, ["1", "a,b"])


@pytest.mark.parametrize("title", ["Results of May, 2026", "Results,", '"Results\nof May",'])
def test_title_above_the_header_is_skipped_with_a_warning(file_of: FileOf, title: str) -> None:
    content = f"{title}\n\nid,text\n1,a\n2,b\n"
    if title.endswith("2026"):
        content = (
            content.replace("id,text", "id;text;x").replace("1,a", "1;a;x").replace("2,b", "2;b;x")
        )
    warning, *rows = read_csv(source_of(file_of("a.csv", content)))
    assert isinstance(warning, RowWarning)
    assert "title" in warning.reason
    assert [row.fields["text"] for row in rows if isinstance(row, Row)] == ["a", "b"]


def test_only_column_has_texts_with_commas(file_of: FileOf) -> None:
    path = file_of("a.csv", "text\nKnock, knock\nWho, me\n")
    rows = [row for row in read_csv(source_of(path)) if isinstance(row, Row)]
    assert [row.fields for row in rows] == [{"text": "Knock, knock"}, {"text": "Who, me"}]


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
    assert list(read_csv(source_of(path))) == [
        Row(2, {"id": "1", "text": "a"}),
        InvalidRow(3, reason),
    ]


def test_limit_of_fields_is_that_of_imports_after_other_csv_files(file_of: FileOf) -> None:
    csv.field_size_limit(2**31 - 1)  # as a comparison of exports leaves it
    text = f"id,text\n1,{'x' * (MAX_READ_CHARS + 1)}\n2,b\n"
    (row, *_others) = read_csv(source_of(file_of("rows.csv", text)))
    assert isinstance(row, InvalidRow)


def test_unclosed_quote_does_not_load_the_file_into_memory(file_of: FileOf) -> None:
    path = file_of("a.csv", 'id,text\n1,"a\n' + ("x" * 999 + "\n") * 40_000)
    tracemalloc.start()
    assert list(read_csv(source_of(path))) == [InvalidRow(2, NOT_CLOSED)]
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
        ('id,"a"b', "in the header, text follows a closing quote"),
    ],
)
def test_header_with_missing_duplicate_or_invalid_names_is_rejected(
    file_of: FileOf, header: str | bytes, reason: str
) -> None:
    start = header if isinstance(header, bytes) else header.encode()
    with pytest.raises(UnreadableFileError) as caught:
        list(read_csv(source_of(file_of("a.csv", start + b"\n1,2\n"))))
    assert str(caught.value).startswith(f"“a.csv” cannot be imported: {reason}")


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", "id,text", "id,text\n\n"])
def test_file_without_rows_yields_nothing(file_of: FileOf, content: str) -> None:
    assert list(read_csv(source_of(file_of("a.csv", content)))) == []


def test_unclosed_quote_in_header_is_reported(file_of: FileOf) -> None:
    assert list(read_csv(source_of(file_of("a.csv", 'id,"text\n1,a\n')))) == [
        InvalidRow(1, NOT_CLOSED)
    ]


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
    assert [row.fields for row in read_csv(source_of(path)) if isinstance(row, Row)] == expected
