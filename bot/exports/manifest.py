"""Manifest of an export: counts, columns and checksums as JSON, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import orjson

from bot import __version__
from bot.exports.dataset_details import NO_DETAILS, DatasetDetails
from bot.exports.tables import DataFile, WrittenTable

MANIFEST_FILE = "manifest.json"
MANIFEST_VERSION = 3
"""Version 3 also has the hashes of the card and of the Croissant metadata."""


@dataclass(frozen=True, slots=True)
class ExportDescription:
    """The content of a manifest and a dataset card; `metadata` and `details` are the caller's.

    `evidence` is in the manifest alone.
    """

    name: str
    format_name: str
    tables: tuple[WrittenTable, ...]
    files: tuple[DataFile, ...]
    metadata: Mapping[str, object]
    details: DatasetDetails = NO_DETAILS
    evidence: Mapping[str, object] = field(default_factory=dict)

    @property
    def row_count(self) -> int:
        """Return the number of rows in all tables."""
        return sum(table.spooled_rows.row_count for table in self.tables)

    @property
    def is_single(self) -> bool:
        """Return whether the export is one table, not a folder with several."""
        return all(table.is_only_one for table in self.tables)


def build_manifest(export: ExportDescription) -> bytes:
    """Return the manifest as JSON. It has no timestamp of its own: same data, same bytes."""
    counts = [_describe_table(table) for table in export.tables]
    names = [table.config for table in export.tables]
    described = (
        counts[0]
        if export.is_single
        else {"rows": export.row_count, "configs": dict(zip(names, counts, strict=True))}
    )
    return orjson.dumps(
        {
            "manifest_version": MANIFEST_VERSION,
            "labelbot_version": __version__,
            "name": export.name,
            "format": export.format_name,
            **described,
            "files": [asdict(file) for file in export.files],
            "metadata": export.metadata,
            **export.evidence,
        },
        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
    )


def _describe_table(table: WrittenTable) -> dict[str, object]:
    spooled = table.spooled_rows
    left_out = sum(spooled.left_out.values())
    return {
        "aggregate": table.aggregate,
        "rows": spooled.row_count,
        "splits": {split.name: split.row_count for split in spooled.splits},
        "answers": {
            "stored": spooled.answers + left_out,
            "in_rows": spooled.answers,
            "left_out": left_out,
        },
        "left_out": spooled.left_out,
        "columns": [asdict(column) for column in spooled.columns],
    }
