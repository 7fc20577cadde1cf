"""One export, from labels to a folder: data files, a manifest, a card; all of it or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from secrets import token_hex

from bot.errors import BotError
from bot.exports.atomic_replace import replace_folder, sync_to_disk
from bot.exports.dataset_card import CARD_FILE, build_card
from bot.exports.files import WRITERS, writer_of
from bot.exports.formats.format import Format
from bot.exports.label_record import LabelRecord
from bot.exports.manifest import MANIFEST_FILE, DataFile, ExportDescription, build_manifest
from bot.exports.spool import SpooledRows, spool_rows

SPOOL_FILE = "rows.spool"

MAX_NAME_BYTES = 200
"""Bytes: file systems take 255, and the folder has a longer name while it is on its way."""


class BadExportNameError(BotError):
    """An export cannot be called “{name}”: it becomes the name of a folder."""


class ExportNameTakenError(BotError):
    """“{name}” is there already and is not an export, so it is not replaced."""


@dataclass(frozen=True, slots=True)
class ExportResult:
    """A finished export. `skipped` counts what was left out, by reason."""

    directory: Path
    files: tuple[DataFile, ...]
    row_count: int
    skipped: Mapping[str, int]


def write_export(
    labels: Iterable[LabelRecord],
    *,
    format: Format,  # noqa: A002 - the word that people use for it
    directory: Path,
    name: str,
    metadata: Mapping[str, object],
) -> ExportResult:
    """Write the folder `directory/name` and return what is in it.

    One row an annotation, in the given order; memory stays flat. The same labels and facts give the
    same bytes. An earlier export of this name is replaced as a whole, once the new one is on disk;
    if anything fails before, it stays and nothing else is left behind.

    Args:
        labels: read once, lazily.
        format: the shape of the rows.
        directory: where exports go; made if need be.
        name: the name of the folder, and of the dataset.
        facts: what else the manifest and the card tell, in this order; anything JSON can say.

    Raises:
        BadExportNameError: if `name` cannot name a folder.
        OccupiedError: if something else goes by this name.
        OSError: if the disk is full or refuses.
    """
    target = directory / name
    _validate_target(target, name)
    directory.mkdir(parents=True, exist_ok=True)
    with _temporary_folder(directory, name) as folder:
        spooled_rows = spool_rows(labels, format, folder / SPOOL_FILE)
        files = tuple(_write_data_file(folder, ending, spooled_rows) for ending in WRITERS)
        (folder / SPOOL_FILE).unlink()
        _write_manifest_and_card(
            folder, ExportDescription(name, format, spooled_rows, files, metadata)
        )
        _sync_folder(folder)
        replace_folder(folder, target)
    return ExportResult(target, files, spooled_rows.row_count, spooled_rows.skipped)


def _validate_target(target: Path, name: str) -> None:
    is_plain = name.isprintable() and len(name.encode()) <= MAX_NAME_BYTES
    if not is_plain or name.startswith(".") or target.name != name:
        raise BadExportNameError(name=name)
    if target.is_symlink() or (target.exists() and not _is_replaceable(target)):
        raise ExportNameTakenError(name=name)


def _is_replaceable(target: Path) -> bool:
    return target.is_dir() and ((target / MANIFEST_FILE).is_file() or not any(target.iterdir()))


@contextmanager
def _temporary_folder(directory: Path, name: str) -> Iterator[Path]:
    """Make a hidden sibling of the target; whatever of it is still there at the end is removed."""
    folder = directory / f".{name}.{token_hex(4)}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_data_file(folder: Path, ending: str, spooled_rows: SpooledRows) -> DataFile:
    path = folder / f"data.{ending}"
    writer_of(ending)(folder / SPOOL_FILE, spooled_rows.columns, path)
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return DataFile(path.name, path.stat().st_size, digest)


def _write_manifest_and_card(folder: Path, export: ExportDescription) -> None:
    (folder / MANIFEST_FILE).write_bytes(build_manifest(export))
    (folder / CARD_FILE).write_text(build_card(export), encoding="utf-8", newline="\n")


def _sync_folder(folder: Path) -> None:
    for path in (*folder.iterdir(), folder):
        sync_to_disk(path)
