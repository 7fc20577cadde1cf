"""Write an export folder (data files, manifest, dataset card) atomically from labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from bot.errors import BotError
from bot.exports.atomic_replace import replace_folder, sync_to_disk
from bot.exports.dataset_card import CARD_FILE, build_card
from bot.exports.files import writer_of
from bot.exports.files.column_selection import select_columns
from bot.exports.formats.format import Format, FormatFile, LeftOutLabel
from bot.exports.label_record import LabelRecord
from bot.exports.manifest import MANIFEST_FILE, DataFile, ExportDescription, build_manifest
from bot.exports.row_options import Aggregate
from bot.exports.spool import SpooledRows, spool_rows
from bot.exports.temporary_folder import temporary_folder

SPOOL_FILE = "rows.spool"

SELECTION_FILE = "selection.spool"

MAX_NAME_BYTES = 200
"""Longest export name. File systems allow 255 bytes; the temporary folder has a longer name."""


class BadExportNameError(BotError):
    """“{name}” cannot name an export: use up to {limit} bytes, no “/” and no “.” at the start."""


class ExportNameTakenError(BotError):
    """“{name}” exists and is not an export, so it was not replaced. Move or delete it first."""


@dataclass(frozen=True, slots=True)
class ExportResult:
    """A finished export; `answers` have rows, `left_out` counts those without by reason."""

    directory: Path
    files: tuple[DataFile, ...]
    row_count: int
    left_out: Mapping[str, int]
    answers: int = 0
    aggregate: Aggregate = Aggregate.NONE


def write_export(  # noqa: PLR0913 - the parts of an export
    labels: Iterable[LabelRecord | LeftOutLabel],
    *,
    format: Format,  # noqa: A002 - the usual term for it
    directory: Path,
    name: str,
    metadata: Mapping[str, object],
    aggregate: Aggregate = Aggregate.NONE,
    documents: Mapping[str, bytes] | None = None,
) -> ExportResult:
    """Write the folder `directory/name` and return a summary of it.

    Rows keep the order of `labels`; memory use is constant. The same labels and metadata give the
    same bytes. An earlier export of this name is replaced once the new one is on disk. On failure
    the earlier export stays and nothing else is left behind.

    Args:
        labels: read once, lazily; answers that are left out count by reason.
        format: the schema of the rows.
        directory: parent folder of exports; created if needed.
        name: name of the folder and of the dataset.
        metadata: further JSON values for the manifest and the card, in this order.
        aggregate: how the labels came about, for the manifest and the card.
        documents: further files of the folder, by name.

    Raises:
        BadExportNameError: `name` is not a valid folder name.
        ExportNameTakenError: `directory/name` exists and is not an export.
        OSError: the disk is full or cannot be written.
    """
    target = directory / name
    all_documents = {**format.documents, **(documents or {})}
    _validate_target(target, name)
    directory.mkdir(parents=True, exist_ok=True)
    with temporary_folder(directory, name) as folder:
        spooled_rows = spool_rows(labels, format, folder / SPOOL_FILE)
        files = (
            *(_write_data_file(folder, file, spooled_rows) for file in format.files),
            *(_write_document(folder, *document) for document in all_documents.items()),
        )
        (folder / SPOOL_FILE).unlink()
        _write_manifest_and_card(
            folder, ExportDescription(name, format, spooled_rows, files, metadata, aggregate)
        )
        _sync_folder(folder)
        replace_folder(folder, target)
    return ExportResult(
        target,
        files,
        spooled_rows.row_count,
        spooled_rows.left_out,
        spooled_rows.answers,
        aggregate,
    )


def _validate_target(target: Path, name: str) -> None:
    is_plain = name.isprintable() and len(name.encode()) <= MAX_NAME_BYTES
    if not is_plain or name.startswith(".") or target.name != name:
        raise BadExportNameError(name=name, limit=MAX_NAME_BYTES)
    if target.is_symlink() or (target.exists() and not _is_replaceable(target)):
        raise ExportNameTakenError(name=name)


def _is_replaceable(target: Path) -> bool:
    return target.is_dir() and ((target / MANIFEST_FILE).is_file() or not any(target.iterdir()))


def _write_data_file(folder: Path, file: FormatFile, spooled_rows: SpooledRows) -> DataFile:
    path, write = folder / file.name, writer_of(file.type)
    if not file.columns:
        write(folder / SPOOL_FILE, spooled_rows.columns, path)
        return _describe_file(path)
    columns = {column.name: column for column in spooled_rows.columns}
    selection = folder / SELECTION_FILE
    select_columns(folder / SPOOL_FILE, file.columns, selection)
    write(selection, [columns[name] for name in file.columns], path)
    selection.unlink()
    return _describe_file(path)


def _write_document(folder: Path, name: str, content: bytes) -> DataFile:
    path = folder / name
    path.write_bytes(content)
    return _describe_file(path)


def _describe_file(path: Path) -> DataFile:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return DataFile(path.name, path.stat().st_size, digest)


def _write_manifest_and_card(folder: Path, export: ExportDescription) -> None:
    (folder / MANIFEST_FILE).write_bytes(build_manifest(export))
    (folder / CARD_FILE).write_text(build_card(export), encoding="utf-8", newline="\n")


def _sync_folder(folder: Path) -> None:
    for path in (*folder.iterdir(), folder):
        sync_to_disk(path)
