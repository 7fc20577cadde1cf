"""Registry of importers by file extension. A new format is one module and one line here.

Importers stream rows one at a time; no file is held in memory as a whole.
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
    """Return the importer for the extension of `path`.

    Raises:
        NotFoundError: no importer reads this extension; the message lists those that are supported.
    """
    extension = path.suffix.lower()
    if extension not in IMPORTERS:
        hint = f"Supported file types: {', '.join(IMPORTERS)}."
        raise NotFoundError(what="file type", name=path.name, hint=hint)
    return IMPORTERS[extension]


def read_rows(path: Path) -> Iterator[Row | InvalidRow]:
    """Yield the rows of a file in order; an unusable row becomes an `InvalidRow`.

    Raises:
        NotFoundError: no importer reads this file extension.
        UnreadableFileError: the content is not in the format of its extension.
    """
    for row in importer_of(path)(path):
        flaw = flaw_of(row.fields) if isinstance(row, Row) else None
        yield InvalidRow(row.line, flaw) if flaw else row
