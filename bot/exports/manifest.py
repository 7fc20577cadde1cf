"""Manifest of an export: counts, columns and checksums as JSON, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import orjson

from bot import __version__
from bot.exports.formats.format import Format
from bot.exports.row_options import Aggregate
from bot.exports.spool import SpooledRows

MANIFEST_FILE = "manifest.json"
MANIFEST_VERSION = 1


@dataclass(frozen=True, slots=True)
class DataFile:
    """One data file of an export; `size` in bytes, `sha256` in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ExportDescription:
    """The content of a manifest and a dataset card; `metadata` comes from the caller."""

    name: str
    export_format: Format
    spooled_rows: SpooledRows
    files: tuple[DataFile, ...]
    metadata: Mapping[str, object]
    aggregate: Aggregate = Aggregate.NONE


def build_manifest(export: ExportDescription) -> bytes:
    """Return the manifest as JSON. It has no timestamp of its own: same data, same bytes."""
    left_out = sum(export.spooled_rows.left_out.values())
    return orjson.dumps(
        {
            "manifest_version": MANIFEST_VERSION,
            "labelbot_version": __version__,
            "name": export.name,
            "format": export.export_format.name,
            "aggregate": export.aggregate,
            "rows": export.spooled_rows.row_count,
            "answers": {
                "stored": export.spooled_rows.answers + left_out,
                "in_rows": export.spooled_rows.answers,
                "left_out": left_out,
            },
            "left_out": export.spooled_rows.left_out,
            "files": [asdict(file) for file in export.files],
            "columns": [asdict(column) for column in export.spooled_rows.columns],
            "metadata": export.metadata,
        },
        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
    )
