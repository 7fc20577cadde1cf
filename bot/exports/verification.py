"""Verification of an export folder: its files, their hashes, rows and columns, by the manifest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import cast

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from bot.exports.croissant import CROISSANT_FILE
from bot.exports.dataset_card import CARD_FILE
from bot.exports.files.media_loader import MEDIA_TYPES
from bot.exports.files.parquet import ARROW_TYPES, arrow_type
from bot.exports.formats.format import Column, ColumnType
from bot.exports.manifest import MANIFEST_FILE
from bot.exports.written_manifest import (
    ManifestColumn,
    ManifestFile,
    ManifestTable,
    WrittenManifest,
    read_manifest,
)

HASHED_DESCRIPTIONS_VERSION = 3
"""Version of the manifest from which on it has the hashes of the files that describe the data."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """A file that is not as the manifest says, and how."""

    file: str
    problem: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Result of verifying an export: its name, the number of files and rows, all deviations."""

    name: str
    files: int
    rows: int
    deviations: tuple[Deviation, ...]


def verify_folder(folder: Path) -> Verification:
    """Compare an export folder with its manifest.

    Raises:
        MissingManifestError, InvalidManifestError, NewerManifestError: it has no manifest.
    """
    manifest = read_manifest(folder)
    root = folder if folder.is_dir() else folder.parent
    deviations = (*_check_files(root, manifest), *_check_totals(manifest), *_extra(root, manifest))
    return Verification(manifest.name, len(manifest.files), manifest.rows, deviations)


def _check_files(root: Path, manifest: WrittenManifest) -> Iterator[Deviation]:
    tables = manifest.tables
    for file in manifest.files:
        path = root / file.name
        if not path.is_file():
            yield Deviation(file.name, "is missing")
            continue
        yield from _check_content(path, file)
        config = file.name.partition("/")[0]
        table = tables.get("") or tables.get(config)
        if table and file.rows is not None:
            yield from _check_rows(path, file, table)


def _check_content(path: Path, file: ManifestFile) -> Iterator[Deviation]:
    size = path.stat().st_size
    if size != file.size:
        yield Deviation(file.name, f"has {size:,} bytes instead of {file.size:,}")
    with path.open("rb") as content:
        digest = file_digest(content, "sha256").hexdigest()
    if digest != file.sha256:
        yield Deviation(file.name, f"has the SHA-256 {digest} instead of {file.sha256}")


def _check_rows(path: Path, file: ManifestFile, table: ManifestTable) -> Iterator[Deviation]:
    try:
        if path.suffix == ".parquet":
            yield from _check_parquet(path, file, table)
        elif path.suffix == ".jsonl":
            yield from _check_json_lines(path, file, table)
    except (pa.ArrowException, ValueError, OSError) as error:
        yield Deviation(file.name, f"cannot be read: {str(error).splitlines()[0]}")


def _check_parquet(path: Path, file: ManifestFile, table: ManifestTable) -> Iterator[Deviation]:
    with pq.ParquetFile(path) as parquet:
        rows, schema = parquet.metadata.num_rows, parquet.schema_arrow
    yield from _compare_rows(file, rows)
    columns = {column.name: column for column in table.columns}
    for name in columns.keys() - set(schema.names):
        yield Deviation(file.name, f"has no column “{name}”")
    for field in schema:
        expected = _expected_type(columns.get(field.name))
        if expected is None:
            yield Deviation(file.name, f"has a column “{field.name}” that is not in the manifest")
        elif expected != field.type:
            problem = f"has the type {field.type} instead of {expected} in “{field.name}”"
            yield Deviation(file.name, problem)


def _expected_type(column: ManifestColumn | None) -> pa.DataType | None:
    known = (*ARROW_TYPES, "message", "messages", "conversations", "scores", *MEDIA_TYPES)
    if column is None or column.type not in known:
        return None
    kind = cast("ColumnType", column.type)
    return arrow_type(Column(column.name, kind, "", column.criteria, column.message_keys))


def _check_json_lines(path: Path, file: ManifestFile, table: ManifestTable) -> Iterator[Deviation]:
    known, rows, unknown = {column.name for column in table.columns}, 0, set[str]()
    with path.open("rb") as lines:
        for line in lines:
            row = orjson.loads(line)
            rows += 1
            unknown |= row.keys() - known if isinstance(row, dict) else {"(a line is no object)"}
    yield from _compare_rows(file, rows)
    for name in sorted(unknown):
        yield Deviation(file.name, f"has a column “{name}” that is not in the manifest")


def _compare_rows(file: ManifestFile, rows: int) -> Iterator[Deviation]:
    if rows != file.rows:
        yield Deviation(file.name, f"has {rows:,} rows instead of {file.rows:,}")


def _check_totals(manifest: WrittenManifest) -> Iterator[Deviation]:
    """Compare the rows of the files of each type with those of their table."""
    total = sum(table.rows for table in manifest.tables.values())
    if total != manifest.rows:
        yield Deviation(MANIFEST_FILE, f"has {manifest.rows:,} rows, its tables {total:,}")
    for config, table in manifest.tables.items():
        rows_by_type: dict[str, int] = {}
        for file in manifest.files_of(config):
            suffix = Path(file.name).suffix
            if suffix == ".parquet":
                rows_by_type[suffix] = rows_by_type.get(suffix, 0) + (file.rows or 0)
        for suffix, rows in rows_by_type.items():
            if rows != table.rows:
                place = f"the {suffix} files of “{config}”" if config else f"the {suffix} files"
                yield Deviation(MANIFEST_FILE, f"{place} have {rows:,} rows, not {table.rows:,}")


def _extra(root: Path, manifest: WrittenManifest) -> Iterator[Deviation]:
    known = {file.name for file in manifest.files} | {MANIFEST_FILE}
    if manifest.manifest_version < HASHED_DESCRIPTIONS_VERSION:
        known |= {CARD_FILE, CROISSANT_FILE}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if not path.is_dir() and name not in known:
            yield Deviation(name, "is not in the manifest")
    is_listed = any(file.name == CARD_FILE for file in manifest.files)
    if not is_listed and not (root / CARD_FILE).is_file():
        yield Deviation(CARD_FILE, "is missing")
