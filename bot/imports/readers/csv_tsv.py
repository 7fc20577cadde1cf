"""CSV and TSV readers: a header, then rows; quoted fields may span lines (RFC 4180)."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from bot.imports.checks import MAX_FIELD_CHARS, flaw_of
from bot.imports.readers.csv_dialect import DELIMITERS, detect_dialect
from bot.imports.readers.lines import (
    MAX_LINE_BYTES,
    TOO_LONG_REASON,
    Line,
    check_encoding,
    read_lines,
)
from bot.imports.readers.source import FileSource
from bot.imports.row import (
    InvalidRow,
    ReadRow,
    Row,
    RowWarning,
    UnreadableFileError,
    quote_name,
)

SAMPLE_LINES = 50
"""First lines from which the delimiter and the header are detected."""

MAX_READ_CHARS = 5 * MAX_FIELD_CHARS
"""Longest field that the csv module reads. Its own limit is lower by default and of the whole
process, in which exports that are compared have another one: so it is set for each table."""

UNCLOSED_QUOTE = "a quoted field is never closed"


class _RowBoundaryLostError(Exception):
    """An error inside a row of several lines: the start of the next row is unknown."""


class _LineSource:
    """Iterator of decoded lines for the csv module that tracks where the current row started."""

    def __init__(self, lines: Iterator[Line], skipped_lines: int) -> None:
        self.lines = lines
        self.row_start = 1
        self.line_number = skipped_lines
        self.row_bytes = 0

    def start_row(self) -> None:
        self.row_start = self.line_number + 1
        self.row_bytes = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.line_number = line.number
        if line.data is None or self.row_bytes + len(line.data) > MAX_LINE_BYTES:
            raise csv.Error(TOO_LONG_REASON)
        self.row_bytes += len(line.data) + 1
        return line.data.decode(errors="surrogateescape") + "\n"

    def to_invalid_row(self, error: csv.Error) -> InvalidRow:
        """Convert an error of the csv module to an invalid row.

        Raises:
            _RowBoundaryLostError: the next line may belong to a field of this row.
        """
        error_text, spans_lines = str(error), self.line_number > self.row_start
        reason = _describe_error(error_text, spans_lines=spans_lines)
        if spans_lines or reason == UNCLOSED_QUOTE:
            message = f"{reason}, so the rest of the file cannot be read"
            raise _RowBoundaryLostError(message) from error
        return InvalidRow(self.row_start, reason)


def _describe_error(error_text: str, *, spans_lines: bool) -> str:
    if "expected after" in error_text:
        return "text follows a closing quote; write quotes inside a quoted field twice"
    if error_text == TOO_LONG_REASON:
        return error_text
    if spans_lines or "unexpected end" in error_text:
        return UNCLOSED_QUOTE
    return f"a field has more than {MAX_READ_CHARS:,} characters; the limit is {MAX_FIELD_CHARS:,}"


def read_csv(source: FileSource) -> Iterator[ReadRow]:
    """Yield the rows of a CSV file; its delimiter is detected.

    Raises:
        UnreadableFileError: the file is not text in its encoding, or a column name is missing or
            duplicate.
    """
    yield from _read_table(source, DELIMITERS)


def read_tsv(source: FileSource) -> Iterator[ReadRow]:
    """Yield the rows of a TSV file. Raises the same errors as `read_csv`."""
    yield from _read_table(source, ("\t",))


def _read_table(source: FileSource, delimiters: Sequence[str]) -> Iterator[ReadRow]:
    check_encoding(source)
    csv.field_size_limit(MAX_READ_CHARS)
    lines = read_lines(source)
    sample = list(islice(lines, SAMPLE_LINES))
    texts = [(line.data or b"").decode(errors="surrogateescape") for line in sample]
    dialect = detect_dialect(texts, delimiters)
    if dialect.title:
        reason = f"the title {quote_name(dialect.title)} above the header is skipped"
        yield RowWarning(dialect.skipped_lines, reason)
    table = _LineSource(chain(sample[dialect.skipped_lines :], lines), dialect.skipped_lines)
    yield from _read_rows(source.name, table, dialect.delimiter)


def _read_rows(name: str, source: _LineSource, delimiter: str) -> Iterator[Row | InvalidRow]:
    try:
        records = _read_records(source, csv.reader(source, delimiter=delimiter, strict=True))
        header = _parse_header(name, next(records, None))
        for record in records:
            yield record if isinstance(record, InvalidRow) else _build_row(header, *record)
    except _RowBoundaryLostError as error:
        yield InvalidRow(source.row_start, str(error))


def _read_records(
    source: _LineSource, reader: Iterator[list[str]]
) -> Iterator[tuple[int, list[str]] | InvalidRow]:
    while True:
        source.start_row()
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield source.to_invalid_row(error)
        else:
            if any(value.strip() for value in values):
                yield source.row_start, values


def _parse_header(name: str, record: tuple[int, list[str]] | InvalidRow | None) -> list[str]:
    if record is None:
        return []
    if isinstance(record, InvalidRow):
        raise UnreadableFileError(name=name, reason=f"in the header, {record.reason}")
    names = [value.strip() for value in record[1]]
    if reason := header_flaw(names):
        raise UnreadableFileError(name=name, reason=reason)
    return names


def header_flaw(names: list[str]) -> str | None:
    """Return what is wrong with the column names, None if they are valid."""
    if "" in names:
        return f"column {names.index('') + 1} has no name in the header; name it or remove it"
    duplicate = next((name for name in names if names.count(name) > 1), None)
    if duplicate is not None:
        return f"the header names {quote_name(duplicate)} twice"
    return flaw_of(dict.fromkeys(names))


def _build_row(header: list[str], line: int, values: list[str]) -> Row | InvalidRow:
    if len(values) != len(header):
        noun = "field" if len(header) == 1 else "fields"
        reason = f"expected {len(header)} {noun} as in the header, found {len(values)}"
        return InvalidRow(line, reason)
    return Row(line, dict(zip(header, values, strict=True)))
