"""Write an export folder (data files, manifest, dataset card) atomically from labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from hashlib import file_digest
from pathlib import Path

from bot.errors import BotError
from bot.exports.atomic_replace import replace_folder, sync_to_disk
from bot.exports.croissant import CROISSANT_FILE, build_croissant
from bot.exports.dataset_card import CARD_FILE, build_card
from bot.exports.dataset_details import NO_DETAILS, DatasetDetails, imported_licenses
from bot.exports.files import writer_of
from bot.exports.files.column_selection import select_columns
from bot.exports.files.media_loader import MEDIA_TYPES, MediaLoader, no_media
from bot.exports.files.parquet_follower import ParquetFollower
from bot.exports.formats.format import Format, FormatFile
from bot.exports.manifest import MANIFEST_FILE, ExportDescription, build_manifest
from bot.exports.row_options import Aggregate
from bot.exports.splits import Splits
from bot.exports.spool import SpooledSplit, spool_rows
from bot.exports.tables import DEFAULT_CONFIG, TYPED_FILE, DataFile, ExportTable, WrittenTable
from bot.exports.temporary_folder import temporary_folder

SPOOL_FILE = "rows.spool"

FOLLOWED_FILE = "rows.parquet"
"""The rows as Parquet, written while they are spooled."""

SELECTION_FILE = "selection.spool"

MAX_NAME_BYTES = 200
"""Longest export name. File systems allow 255 bytes; the temporary folder has a longer name."""


class BadExportNameError(BotError):
    """“{name}” cannot name an export: use up to {limit} bytes, no “/” and no “.” at the start."""


class ExportNameTakenError(BotError):
    """“{name}” exists and is not an export, so it was not replaced. Move or delete it first."""


@dataclass(frozen=True, slots=True)
class TableCounts:
    """Counts of one table: rows, in each split too, answers that have rows, and those without."""

    row_count: int
    splits: Mapping[str, int]
    answers: int
    left_out: Mapping[str, int]
    aggregate: Aggregate


@dataclass(frozen=True, slots=True)
class ExportResult:
    """A finished export; `answers` have rows, `left_out` counts those without by reason.

    A folder with several tables has counts for each in `configs`. Its `row_count` is their sum,
    and its answers are those of the last table, which has all of them.

    `location` is where it was delivered, if it was.
    """

    directory: Path
    files: tuple[DataFile, ...]
    row_count: int
    left_out: Mapping[str, int]
    answers: int = 0
    aggregate: Aggregate = Aggregate.NONE
    splits: Mapping[str, int] = field(default_factory=dict)
    configs: Mapping[str, TableCounts] = field(default_factory=dict)
    location: str | None = None


@dataclass(frozen=True, slots=True)
class FolderContent:
    """What an export folder contains.

    Attributes:
        name: name of the folder and of the dataset.
        format_name: the format that was asked for, of one table or of several.
        tables: each is read and written in turn; one alone has its files in the folder itself,
            each of several in a separate folder.
        metadata: further JSON values for the manifest and the card, in this order.
        splits: the splits of every table.
        documents: returns further files of the folder, by name, when the rows are written.
        details: license and languages.
        evidence: further JSON values for the manifest, known when the rows are written.
        load_media: returns the bytes of stored images and audio.
    """

    name: str
    format_name: str
    tables: Sequence[ExportTable]
    metadata: Mapping[str, object]
    splits: Splits = ()
    documents: Callable[[], Mapping[str, bytes]] = dict
    details: DatasetDetails = NO_DETAILS
    evidence: Callable[[], Mapping[str, object]] = dict
    load_media: MediaLoader = no_media


def write_export(content: FolderContent, directory: Path) -> ExportResult:
    """Write the folder `directory/content.name` and return a summary of it.

    `directory` is created if needed. Rows keep the order of the labels; memory use is constant. The
    same labels and metadata give the same bytes. An earlier export of this name is replaced once
    the new one is on disk. On failure the earlier export stays and nothing else is left behind.

    Raises:
        BadExportNameError: the name is not a valid folder name.
        ExportNameTakenError: the folder exists and is not an export.
        OSError: the disk is full or cannot be written.
    """
    target = directory / content.name
    _validate_target(target, content.name)
    directory.mkdir(parents=True, exist_ok=True)
    with temporary_folder(directory, content.name) as folder:
        tables = _write_tables(folder, content)
        contents = {**tables[0].documents, **content.documents()}
        documents = [_write_document(folder, *item) for item in contents.items()]
        files = (*(file for table in tables for file in table.files), *documents)
        export = ExportDescription(
            content.name,
            content.format_name,
            tables,
            files,
            content.metadata,
            _complete_details(content.details, tables[-1]),
            content.evidence(),
        )
        export = replace(export, files=(*export.files, *_write_descriptions(folder, export)))
        (folder / MANIFEST_FILE).write_bytes(build_manifest(export))
        _sync_folder(folder)
        replace_folder(folder, target)
    return _summarize(target, export)


def _complete_details(details: DatasetDetails, table: WrittenTable) -> DatasetDetails:
    """Return the details with the licenses of the imported rows, unless one is given."""
    licenses = details.licenses or imported_licenses(table.spooled_rows.provenance)
    return replace(details, licenses=licenses)


def _summarize(target: Path, export: ExportDescription) -> ExportResult:
    counts = {table.config: _counts_of(table) for table in export.tables}
    last = list(counts.values())[-1]
    return ExportResult(
        target,
        export.files,
        sum(one.row_count for one in counts.values()),
        last.left_out,
        last.answers,
        last.aggregate,
        last.splits,
        {} if export.is_single else counts,
    )


def _counts_of(table: WrittenTable) -> TableCounts:
    spooled = table.spooled_rows
    splits = {split.name: split.row_count for split in spooled.splits}
    return TableCounts(
        spooled.row_count, splits, spooled.answers, spooled.left_out, table.aggregate
    )


def _validate_target(target: Path, name: str) -> None:
    is_plain = name.isprintable() and len(name.encode()) <= MAX_NAME_BYTES
    if not is_plain or name.startswith(".") or target.name != name:
        raise BadExportNameError(name=name, limit=MAX_NAME_BYTES)
    if target.is_symlink() or (target.exists() and not _is_replaceable(target)):
        raise ExportNameTakenError(name=name)


def _is_replaceable(target: Path) -> bool:
    return target.is_dir() and ((target / MANIFEST_FILE).is_file() or not any(target.iterdir()))


def _write_tables(folder: Path, content: FolderContent) -> tuple[WrittenTable, ...]:
    if len(content.tables) == 1:
        return (_write_table(folder, DEFAULT_CONFIG, content.tables[0], content),)
    return tuple(
        _write_table(folder, table.format.name, table, content) for table in content.tables
    )


def _write_table(
    folder: Path, config: str, table: ExportTable, content: FolderContent
) -> WrittenTable:
    lines = folder / SPOOL_FILE
    with _follow_rows(folder, table.format, content.splits) as follower:
        report = follower.advance if follower else None
        spooled_rows = spool_rows(table.labels, table.format, lines, content.splits, report)
        written = WrittenTable(config, table.format, table.aggregate, spooled_rows)
        files = tuple(
            _write_data_file(
                folder, written, split, file, load_media=content.load_media, follower=follower
            )
            for split in spooled_rows.filled_splits
            for file in written.format_files
        )
    for split in spooled_rows.splits:
        split.path.unlink()
    return replace(written, files=files)


def _follow_rows(
    folder: Path, export_format: Format, splits: Splits
) -> AbstractContextManager[ParquetFollower | None]:
    """Start to write Parquet while the rows are spooled, if that is possible."""
    columns = export_format.columns
    is_known = not any(column.type in ("scores", *MEDIA_TYPES) for column in columns)
    if splits or TYPED_FILE not in export_format.files or not is_known:
        return nullcontext()
    lines = folder / SPOOL_FILE
    lines.touch()
    return ParquetFollower(lines, columns, folder / FOLLOWED_FILE)


def _write_data_file(  # noqa: PLR0913 - what a file is written from
    folder: Path,
    table: WrittenTable,
    split: SpooledSplit,
    file: FormatFile,
    *,
    load_media: MediaLoader,
    follower: ParquetFollower | None,
) -> DataFile:
    name = table.file_name(split, file)
    path, write, columns = folder / name, writer_of(file.type), table.spooled_rows.columns
    path.parent.mkdir(exist_ok=True)
    if file == TYPED_FILE and follower and follower.finish(columns):
        (folder / FOLLOWED_FILE).rename(path)
        return _describe_file(path, name, split.row_count)
    if not file.columns:
        write(split.path, columns, path, load_media)
        return _describe_file(path, name, split.row_count)
    columns_by_name = {column.name: column for column in columns}
    selection = folder / SELECTION_FILE
    select_columns(split.path, file.columns, selection)
    write(selection, [columns_by_name[column] for column in file.columns], path, load_media)
    selection.unlink()
    return _describe_file(path, name, split.row_count)


def _write_document(folder: Path, name: str, content: bytes) -> DataFile:
    path = folder / name
    path.write_bytes(content)
    return _describe_file(path, name)


def _describe_file(path: Path, name: str, rows: int | None = None) -> DataFile:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return DataFile(name, path.stat().st_size, digest, rows)


def _write_descriptions(folder: Path, export: ExportDescription) -> Iterator[DataFile]:
    """Write the card and the Croissant metadata; the manifest has their hashes."""
    yield _write_document(folder, CARD_FILE, build_card(export).encode())
    if any(table.has_typed_file for table in export.tables):
        yield _write_document(folder, CROISSANT_FILE, build_croissant(export))


def _sync_folder(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        sync_to_disk(path)
