"""CSV writer: a table for people, in UTF-8 with the mark by which Excel recognizes it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from bot.exports.files.media_loader import MediaLoader, no_media
from bot.exports.files.table_cells import read_rows, table_columns
from bot.exports.formats.format import Column


def write(
    lines: Path, columns: Sequence[Column], target: Path, _load_media: MediaLoader = no_media
) -> None:
    """Write the rows in `lines` as CSV with a header (RFC 4180); every cell is quoted."""
    made = table_columns(lines, columns)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow([column.header for column in made])
        writer.writerows([column.cell_of(row) for column in made] for row in read_rows(lines))
