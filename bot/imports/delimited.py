"""CSV and TSV: a header, then one row after the other; quoted fields may span lines (RFC 4180)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from bot.imports.lines import LONGEST_LINE, TOO_LONG, Line, lines_of
from bot.imports.row import BadRow, Row, UnreadableFileError, quoted
from bot.imports.texts import LONGEST_FIELD, flaw_of, has_lone_surrogate

LONGEST_READ = 5 * LONGEST_FIELD
"""Characters of one field that are read at all. Python's limit is smaller and one for the process,
so it is raised once, here."""

csv.field_size_limit(max(LONGEST_READ, csv.field_size_limit()))

NOT_CLOSED = "a quote opened in it is never closed"


class _LostError(Exception):
    """Nobody can say where the next row begins."""


class _Feed:
    """Hands the lines of a file to the csv module, and knows where a row began."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self.lines = lines
        self.start = 1
        self.number = 0
        self.size = 0

    def begin(self) -> None:
        self.start = self.number + 1
        self.size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.number = line.number
        if line.data is None or self.size + len(line.data) > LONGEST_LINE:
            raise csv.Error(TOO_LONG)
        self.size += len(line.data) + 1
        return line.data.decode(errors="surrogateescape") + "\n"

    def failed(self, error: csv.Error) -> BadRow:
        """Turn what the csv module says into a bad row; raise _LostError if nothing can follow."""
        said, spans_lines = str(error), self.number > self.start
        reason = _reason(said, spans_lines=spans_lines)
        if spans_lines or reason == NOT_CLOSED:  # the next line may belong to this row's field
            message = f"{reason}, so nothing from here on could be read"
            raise _LostError(message) from error
        return BadRow(self.start, reason)


def _reason(said: str, *, spans_lines: bool) -> str:
    if "expected after" in said:
        return "text follows a closing quote; inside a quoted field, a quote is written twice"
    if said == TOO_LONG:
        return said
    if spans_lines or "unexpected end" in said:
        return NOT_CLOSED
    limit = csv.field_size_limit()
    return f"a field has more than {limit:,} characters, where {LONGEST_FIELD:,} are allowed"


def read_csv(path: Path) -> Iterator[Row | BadRow]:
    """Yield one row after the other of a file with commas, or semicolons if the header has those.

    Raises:
        UnreadableFileError: if it is not a text file in UTF-8, or its header does not name every
            column once.
    """
    lines = lines_of(path)
    first = next((line for line in lines if line.data is None or line.data.strip()), None)
    if first is None:
        return
    header = first.data or b""
    delimiter = ";" if b";" in header and b"," not in header else ","
    yield from _read(path.name, _Feed(chain([first], lines)), delimiter)


def read_tsv(path: Path) -> Iterator[Row | BadRow]:
    """Yield one row after the other of a file with tabs. Raises as `read_csv` does."""
    yield from _read(path.name, _Feed(lines_of(path)), "\t")


def _read(name: str, feed: _Feed, delimiter: str) -> Iterator[Row | BadRow]:
    try:
        records = _records(feed, csv.reader(feed, delimiter=delimiter, strict=True))
        header = _header(name, next(records, None))
        for record in records:
            yield record if isinstance(record, BadRow) else _row(header, *record)
    except _LostError as error:
        yield BadRow(feed.start, str(error))


def _records(feed: _Feed, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]] | BadRow]:
    while True:
        feed.begin()
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield feed.failed(error)
        else:
            if any(value.strip() for value in values):
                yield feed.start, values


def _header(name: str, record: tuple[int, list[str]] | BadRow | None) -> list[str]:
    if record is None:
        return []
    if isinstance(record, BadRow):
        raise UnreadableFileError(name=name, reason=f"in its header, {record.reason}")
    names = [value.strip() for value in record[1]]
    if reason := header_flaw(names):
        raise UnreadableFileError(name=name, reason=reason)
    return names


def header_flaw(names: list[str]) -> str | None:
    """Say what is wrong with the names of columns, None if nothing is."""
    if "" in names:
        return f"column {names.index('') + 1} of its header has no name; name it or remove it"
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        return f"its header names {quoted(twice)} twice"
    if has_lone_surrogate("".join(names)):
        return "its header is not UTF-8; save it as UTF-8"
    return flaw_of(dict.fromkeys(names))


def _row(header: list[str], line: int, values: list[str]) -> Row | BadRow:
    if len(values) != len(header):
        reason = f"it has {len(values)} fields, where the header names {len(header)}"
        return BadRow(line, reason)
    if has_lone_surrogate("".join(values)):  # what surrogateescape made of other bytes
        return BadRow(line, "it is not UTF-8")
    return Row(line, dict(zip(header, values, strict=True)))
