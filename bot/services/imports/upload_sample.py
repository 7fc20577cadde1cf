"""Samples of uploaded files: their first rows as JSON Lines, for files that need a large library.

The bot shows and checks the sample; so the library is loaded only by child processes, which write
the sample and import the file.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import islice
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from bot.imports.media_bytes import MediaBytes
from bot.imports.readers import READERS, file_type_of
from bot.imports.readers.containers import ARCHIVE, sources_in
from bot.imports.readers.source import DETECT, SAMPLE_EXTENSION, FileSource
from bot.imports.row import Row

PARQUET = ".parquet"

MAX_CHECKED_ROWS = 1_000
"""Rows that are checked while the coordinator waits: Slack allows three seconds."""

MAX_MEDIA_HEAD_BYTES = 64
"""Bytes of a file in a sample: its beginning shows its type. A digest identifies it."""


def readable_path(path: Path) -> Path:
    """Return the sample of an uploaded file, or the file itself if it needs none."""
    sample = _sample_path(path)
    return sample if sample.exists() else path


def needs_sample(path: Path) -> bool:
    """Return whether only a child process should read the file.

    Raises:
        UnreadableFileError: it is an archive that is damaged.
    """
    if file_type_of(path.name) == PARQUET:
        return True
    if path.suffix.lower() != ARCHIVE:
        return False
    files = sources_in(path, DETECT).by_type(file_type_of)
    counts = {extension: len(files.get(extension, ())) for extension in READERS}
    return counts[PARQUET] > max(counts[extension] for extension in READERS if extension != PARQUET)


def write_sample(path: Path) -> None:
    """Write the first rows of an uploaded file to its sample.

    Raises:
        UnreadableFileError: the file is damaged.
    """
    files = [file for file in sources_in(path, DETECT).files if file_type_of(file.name) == PARQUET]
    sample = _sample_path(path)
    if path.suffix.lower() != ARCHIVE:
        sample.write_text("".join(islice(_lines_of(files[0]), MAX_CHECKED_ROWS + 1)))
        return
    missing = MAX_CHECKED_ROWS + 1
    with ZipFile(sample, "w", ZIP_DEFLATED) as archive:
        for file in files:
            lines = list(islice(_lines_of(file), missing))
            archive.writestr(f"{file.name}{SAMPLE_EXTENSION}", "".join(lines))
            missing -= len(lines)


def remove_upload(path: Path) -> None:
    """Remove an uploaded file and its sample."""
    for file in (path, _sample_path(path)):
        file.unlink(missing_ok=True)


def _sample_path(path: Path) -> Path:
    extension = ARCHIVE if path.suffix.lower() == ARCHIVE else ".jsonl"
    return path.with_name(f"{path.name.partition('.')[0]}.sample{extension}")


def _lines_of(file: FileSource) -> Iterator[str]:
    for row in READERS[PARQUET](file):
        if isinstance(row, Row):
            yield f"{json.dumps(_to_plain(row.fields))}\n"


def _to_plain(value: object) -> object:
    """Return a value as JSON has it, with the beginning of files as data: URLs."""
    if isinstance(value, MediaBytes):
        content = value.content
        if len(content) > MAX_MEDIA_HEAD_BYTES:
            content = content[:MAX_MEDIA_HEAD_BYTES] + sha256(content).digest()
        return f"data:image/*;base64,{base64.b64encode(content).decode()}"
    if isinstance(value, Mapping):
        return {name: _to_plain(part) for name, part in value.items()}
    return [_to_plain(part) for part in value] if isinstance(value, list) else value
