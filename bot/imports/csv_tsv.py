"""CSV and TSV: a header, then one row after the other; quoted fields may span lines (RFC 4180)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from bot.imports.lines import MAX_LINE_BYTES, TOO_LONG_REASON, Line, read_lines
from bot.imports.row import InvalidRow, Row, UnreadableFileError, quote_name
from bot.imports.value_limits import MAX_FIELD_CHARS, flaw_of, has_lone_surrogate

MAX_READ_CHARS = 5 * MAX_FIELD_CHARS
"""Characters of one field that are read at all. Python's limit is smaller and one for the process,
so it is raised once, here."""

csv.field_size_limit(max(MAX_READ_CHARS, csv.field_size_limit()))

UNCLOSED_QUOTE = "a quote opened in it is never closed"


class _RowBoundaryLostError(Exception):
    """Nobody can say where the next row begins."""


class _LineSource:
    """Hands the lines of a file to the csv module, and knows where a row began."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self.lines = lines
        self.row_start = 1
        self.line_number = 0
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
        """Turn what the csv module says into a bad row; raise _LostError if nothing can follow."""
        error_text, spans_lines = str(error), self.line_number > self.row_start
        reason = _describe_error(error_text, spans_lines=spans_lines)
        if spans_lines or reason == UNCLOSED_QUOTE:  # the next line may belong to this row's field
            message = f"{reason}, so nothing from here on could be read"
            raise _RowBoundaryLostError(message) from error
        return InvalidRow(self.row_start, reason)


def _describe_error(error_text: str, *, spans_lines: bool) -> str:
    if "expected after" in error_text:
        return "text follows a closing quote; inside a quoted field, a quote is written twice"
    if error_text == TOO_LONG_REASON:
        return error_text
    if spans_lines or "unexpected end" in error_text:
        return UNCLOSED_QUOTE
    limit = csv.field_size_limit()
    return f"a field has more than {limit:,} characters, where {MAX_FIELD_CHARS:,} are allowed"


def read_csv(path: Path) -> Iterator[Row | InvalidRow]:
    """Yield one row after the other of a file with commas, or semicolons if the header has those.

    Raises:
        UnreadableFileError: if it is not a text file in UTF-8, or its header does not name every
            column once.
    """
    lines = read_lines(path)
    first = next((line for line in lines if line.data is None or line.data.strip()), None)
    if first is None:
        return
    header = first.data or b""
    delimiter = ";" if b";" in header and b"," not in header else ","
    yield from _read_rows(path.name, _LineSource(chain([first], lines)), delimiter)


def read_tsv(path: Path) -> Iterator[Row | InvalidRow]:
    """Yield one row after the other of a file with tabs. Raises as `read_csv` does."""
    yield from _read_rows(path.name, _LineSource(read_lines(path)), "\t")


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
        raise UnreadableFileError(name=name, reason=f"in its header, {record.reason}")
    names = [value.strip() for value in record[1]]
    if reason := header_flaw(names):
        raise UnreadableFileError(name=name, reason=reason)
    return names


def header_flaw(names: list[str]) -> str | None:
    """Say what is wrong with the names of columns, None if nothing is."""
    if "" in names:
        return f"column {names.index('') + 1} of its header has no name; name it or remove it"
    duplicate = next((name for name in names if names.count(name) > 1), None)
    if duplicate is not None:
        return f"its header names {quote_name(duplicate)} twice"
    if has_lone_surrogate("".join(names)):
        return "its header is not UTF-8; save it as UTF-8"
    return flaw_of(dict.fromkeys(names))


def _build_row(header: list[str], line: int, values: list[str]) -> Row | InvalidRow:
    if len(values) != len(header):
        reason = f"it has {len(values)} fields, where the header names {len(header)}"
        return InvalidRow(line, reason)
    if has_lone_surrogate("".join(values)):  # what surrogateescape made of other bytes
        return InvalidRow(line, "it is not UTF-8")
    return Row(line, dict(zip(header, values, strict=True)))
