"""Export folders to check: every format of every kind, written as `labelbot export` writes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.exports.dataset_details import DatasetDetails
from bot.exports.export_folder import ExportResult, FolderContent, write_export
from bot.exports.formats import DATASET, DATASET_FORMATS, FORMATS
from bot.exports.label_record import LabelRecord
from bot.exports.splits import parse_splits
from bot.exports.tables import ExportTable
from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.kinds.content import ConversationTurn

TEXTS = (
    "2026-03-02",
    "12:30",
    "NaN",
    "  two spaces, a tab\tand a line\nbreak",
    "emoji 🦆 and 中文 and é",
    "separators \u2028\u2029\x85",
    'quotes " and \\ and <|user|',
    "0012",
)
"""Prompts that a careless reader changes."""


def records_of(kind: Kind[Any]) -> Iterator[LabelRecord]:
    """Yield labels like the example of a kind, one for each prompt."""
    for number, text in enumerate(TEXTS):
        prompt = (ConversationTurn("system", "Be brief."), ConversationTurn("user", text))
        yield LabelRecord(
            label=replace(kind.example.label, prompt=prompt),
            item_key=f"item-{number}",
            campaign="spring",
            kind=kind.name,
            expert="expert-7",
            answered_at=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
            version=1,
            guidelines_version=1,
            value=dict(kind.example.inputs[0]),
            order=kind.example.order,
            scales={"relevance": 5, "humor": 5, "clarity": 5},
        )


def write_folder(
    records: Sequence[LabelRecord], names: Sequence[str], directory: Path, splits: str = ""
) -> ExportResult:
    """Write a folder with some formats of the labels."""
    tables = [ExportTable(FORMATS[name], records) for name in names]
    format_name = names[0] if len(names) == 1 else DATASET
    content = FolderContent(
        "spring",
        format_name,
        tables,
        {"campaign": "spring"},
        parse_splits(splits),
        details=DatasetDetails(("cc-by-4.0",), ("en",)),
    )
    return write_export(content, directory)


def write_dataset(directory: Path, splits: str = "test=0.3") -> ExportResult:
    """Write a folder with every configuration, from labels of all kinds."""
    records = [record for kind in KINDS.values() for record in records_of(kind)]
    return write_folder(records, DATASET_FORMATS, directory, splits)
