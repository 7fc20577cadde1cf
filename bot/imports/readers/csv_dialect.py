"""Dialect of a CSV file: its delimiter, and the lines above its header."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t", "|")
"""Delimiters to try; of equally good ones, the first is used."""

DELIMITER_LINE = re.compile(r'\s*"?sep=(.)"?[,;\s]*', re.IGNORECASE)
"""A first line that names the delimiter, as Excel reads it."""

MIN_TABLE_WIDTH = 2
"""Fewest columns of a table that may have a title above it."""


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """The delimiter, and how many lines precede the header; `title`: they are a title."""

    delimiter: str
    skipped_lines: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Record:
    values: Sequence[str]
    last_line: int

    @property
    def texts(self) -> list[str]:
        return [value for value in self.values if value.strip()]


def detect_dialect(lines: Sequence[str], delimiters: Sequence[str] = DELIMITERS) -> CsvDialect:
    """Return the dialect of the first lines of a file.

    Of several delimiters, the one with most columns in the header is used; of equally many, the
    one with which no name has a quote, and most rows have as many fields as the header.
    """
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    skipped, delimiter_line = first, None
    if lines and (delimiter_line := DELIMITER_LINE.fullmatch(lines[first])):
        delimiters, skipped = [delimiter_line[1]], first + 1
    dialects = [_find_header(lines[skipped:], delimiter) for delimiter in delimiters]
    _score, dialect = max(dialects, key=lambda scored: scored[0])
    return CsvDialect(dialect.delimiter, dialect.skipped_lines + skipped, dialect.title)


def _find_header(
    lines: Sequence[str], delimiter: str
) -> tuple[tuple[int, bool, float], CsvDialect]:
    """Return how well a delimiter fits, and the dialect with it."""
    records = _parse_records(lines, delimiter)
    start = _count_titles(records)
    title = " ".join(" ".join(record.texts) for record in records[:start])
    table = records[start:]
    width = len(table[0].values) if table else 0
    fitting = sum(len(record.values) == width for record in table[1:])
    dialect = CsvDialect(delimiter, records[start - 1].last_line if start else 0, title)
    has_quotes = any('"' in name for name in table[0].values) if table else False
    return (width, not has_quotes, fitting / max(1, len(table) - 1)), dialect


def _parse_records(lines: Sequence[str], delimiter: str) -> list[_Record]:
    reader = csv.reader([f"{line}\n" for line in lines], delimiter=delimiter)
    records: list[_Record] = []
    with suppress(csv.Error):  # the reader of the file reports it
        records.extend(
            _Record(values, reader.line_num) for values in reader if any(map(str.strip, values))
        )
    return records


def _count_titles(records: Sequence[_Record]) -> int:
    """Return how many records are a title above the header.

    A title is alone in its record, and a table of several columns follows: a header whose cells
    are all filled and different, and rows of the same width. A single word could be the header of
    a file with one column whose texts have commas, unless it is followed by empty fields.
    """
    count = next(
        (index for index, record in enumerate(records) if len(record.texts) > 1), len(records)
    )
    table = records[count:]
    if not count or len(table) < MIN_TABLE_WIDTH:
        return 0
    header = [value.strip() for value in table[0].values]
    width = Counter(len(record.values) for record in table).most_common(1)[0][0]
    is_header = len(header) == width and "" not in header and len(set(header)) == len(header)
    is_title = all(
        len(record.values) == width or is_phrase(record.texts[0]) for record in records[:count]
    )
    is_even = all(len(record.values) == width for record in table[:-1])
    return count if is_header and is_title and is_even else 0


def is_phrase(text: str) -> bool:
    """Return whether a text has several words, as a title has and a column name seldom."""
    return len(text.split()) > 1
