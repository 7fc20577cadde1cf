"""Files in: what reads each format, by the ending of the file. A new one is one file and one line.

Nothing here holds a whole file: 100,000 rows pass through one at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from bot.errors import NotFoundError
from bot.imports.csv_tsv import read_csv, read_tsv
from bot.imports.jsonl import read_jsonl
from bot.imports.row import InvalidRow, Row
from bot.imports.value_limits import flaw_of
from bot.imports.xlsx import read_xlsx

Importer = Callable[[Path], Iterator[Row | InvalidRow]]

IMPORTERS: dict[str, Importer] = {
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_tsv,
    ".xlsx": read_xlsx,
}


def importer_of(path: Path) -> Importer:
    """Return what reads files with the ending of `path`.

    Raises:
        NotFoundError: with the endings that are known.
    """
    ending = path.suffix.lower()
    if ending not in IMPORTERS:
        hint = f"files to import end in {', '.join(IMPORTERS)}"
        raise NotFoundError(what="importer for the file", name=path.name, hint=hint)
    return IMPORTERS[ending]


def read_rows(path: Path) -> Iterator[Row | InvalidRow]:
    """Yield the rows of a file, and in their place those that cannot be used.

    Raises:
        NotFoundError: if no importer reads files with this ending.
        UnreadableFileError: if it is not a file of the format that its ending promises.
    """
    for row in importer_of(path)(path):
        flaw = flaw_of(row.fields) if isinstance(row, Row) else None
        yield InvalidRow(row.line, flaw) if flaw else row
