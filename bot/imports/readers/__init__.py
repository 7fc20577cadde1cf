"""Registry of readers by file extension. A new format is one module and one line here.

Readers stream rows one at a time. A file may be compressed (.gz), a member of a .zip archive, or
one of many in a folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot.errors import NotFoundError
from bot.imports.checks import flaw_of
from bot.imports.readers.containers import ARCHIVE, COMPRESSED, FilesByType, sources_in
from bot.imports.readers.csv_tsv import read_csv, read_tsv
from bot.imports.readers.json_rows import read_json
from bot.imports.readers.parquet import read_parquet
from bot.imports.readers.source import DETECT, FileSource, ReadOptions
from bot.imports.readers.xlsx import read_xlsx
from bot.imports.row import InvalidRow, ReadRow, Row, RowWarning, UnreadableFileError

Reader = Callable[[FileSource], Iterator[ReadRow]]

READERS: dict[str, Reader] = {
    ".jsonl": read_json,
    ".ndjson": read_json,
    ".json": read_json,
    ".csv": read_csv,
    ".tsv": read_tsv,
    ".xlsx": read_xlsx,
    ".parquet": read_parquet,
}

MAX_LISTED_FILES = 3
"""Skipped files that a warning names."""


def file_type_of(name: str) -> str | None:
    """Return the extension in `READERS` of a file name, without .gz; None if there is none."""
    extension = Path(name.lower().removesuffix(COMPRESSED)).suffix
    return extension if extension in READERS else None


def check_file_name(path: Path) -> None:
    """Check that a file or folder of this name can be read.

    Raises:
        NotFoundError: no reader reads this extension; the message lists those that are supported.
    """
    if path.suffix.lower() != ARCHIVE and not file_type_of(path.name) and not path.is_dir():
        supported = ", ".join([*READERS, ARCHIVE])
        hint = f"Supported file types: {supported}; each may be compressed (.gz)."
        raise NotFoundError(what="file type", name=path.name, hint=hint)


def read_rows(path: Path, options: ReadOptions = DETECT) -> Iterator[ReadRow]:
    """Yield the rows of a file, archive or folder in order; an unusable row is an `InvalidRow`.

    Raises:
        NotFoundError: no reader reads this file extension.
        UnreadableFileError: the content is not in the format of its extension.
    """
    for row in _read_unchecked(path, options):
        flaw = flaw_of(row.fields) if isinstance(row, Row) and not row.is_sound else None
        yield InvalidRow(row.line, flaw, row.file) if flaw else row


def _read_unchecked(path: Path, options: ReadOptions) -> Iterator[ReadRow]:
    check_file_name(path)
    extension = file_type_of(path.name)
    sources: FilesByType = sources_in(path, options)
    if extension and not path.is_dir():
        yield from READERS[extension](sources.single)
        return
    yield from _read_shards(path.name, sources)


def _read_shards(name: str, sources: FilesByType) -> Iterator[ReadRow]:
    """Yield the rows of all files of the most frequent type, and name the files of other types.

    Raises:
        UnreadableFileError: no file has a type that is read.
    """
    files = sources.by_type(file_type_of)
    counts = {extension: len(files.get(extension, ())) for extension in READERS}
    most = max(counts, key=lambda extension: counts[extension])
    if sources.files and not counts[most]:
        found = _list_names([file.name for file in sources.files])
        reason = f"no file in it has rows: {found}; an archive inside it must be unpacked first"
        raise UnreadableFileError(name=name, reason=reason)
    skipped = [file.name for key, group in files.items() if key != most for file in group]
    if skipped:
        yield RowWarning(0, f"files of other types are skipped: {_list_names(skipped)}")
    for file in files.get(most, ()):
        for row in READERS[most](file):
            yield replace(row, file=file.shown_name)


def _list_names(names: Sequence[str]) -> str:
    more = f" and {len(names) - MAX_LISTED_FILES} more" * (len(names) > MAX_LISTED_FILES)
    return ", ".join(names[:MAX_LISTED_FILES]) + more
