"""Export folders to check: every format of every kind, written as `labelbot export` writes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from bot.exports.dataset_details import DatasetDetails
from bot.exports.export_folder import ExportResult, FolderContent, write_export
from bot.exports.formats import DATASET, DATASET_FORMATS, FORMATS
from bot.exports.label_record import LabelRecord
from bot.exports.media_columns import MediaTypes, with_media_columns
from bot.exports.splits import parse_splits
from bot.exports.tables import ExportTable
from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.content import ConversationTurn
from bot.kinds.media import Media

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


def write_vision(directory: Path) -> ExportResult:
    """Write a folder with pairs, half of whose prompts have an image, and one a recording."""
    types = MediaTypes(frozenset(("image", "audio")))
    media = ((Media("image", "media:1.png", "a square"), Media("audio", "media:1.wav", "silence")),)
    records = [
        replace(record, media=media if number % 2 else ())
        for number, record in enumerate(records_of(COMPARISON))
    ]
    tables = [ExportTable(with_media_columns(FORMATS["preference"], types), records)]
    files = {"media:1.png": square(), "media:1.wav": b"RIFF WAVE"}
    content = FolderContent("vision", "preference", tables, {}, load_media=files.get)
    return write_export(content, directory)


def square() -> bytes:
    """Return an image of a red square, as PNG."""
    file = BytesIO()
    Image.new("RGB", (4, 4), "red").save(file, "PNG")
    return file.getvalue()


def write_dataset(directory: Path, splits: str = "test=0.3") -> ExportResult:
    """Write a folder with every configuration, from labels of all kinds."""
    records = [record for kind in KINDS.values() for record in records_of(kind)]
    return write_folder(records, DATASET_FORMATS, directory, splits)
