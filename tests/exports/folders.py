"""Export folders of one table, for tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.exports.export_folder import ExportResult, FolderContent, write_export
from bot.exports.formats.format import Format
from bot.exports.label_record import LabelRecord
from bot.exports.splits import parse_splits
from bot.exports.tables import ExportTable


def write_table(
    export_format: Format, labels: Iterable[LabelRecord], directory: Path, splits: str = ""
) -> ExportResult:
    """Write an export of labels in one format."""
    tables = [ExportTable(export_format, labels)]
    content = FolderContent("export", export_format.name, tables, {}, parse_splits(splits))
    return write_export(content, directory)
