"""Rows of datasets, the messages in them, and what a file of such rows becomes."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.imports.item_reader import read_items
from bot.imports.mapping import ColumnMapping
from bot.imports.plan import ImportOptions
from bot.imports.read_item import ReadItem
from bot.kinds import KINDS

Row = Mapping[str, Any]


def user(text: str) -> dict[str, str]:
    """Return a message of the user."""
    return {"role": "user", "content": text}


def assistant(text: str) -> dict[str, str]:
    """Return a message of the assistant."""
    return {"role": "assistant", "content": text}


def system(text: str) -> dict[str, str]:
    """Return a system message."""
    return {"role": "system", "content": text}


def read(folder: Path, kind: str, rows: Sequence[Row], extension: str = "jsonl") -> list[ReadItem]:
    """Import rows from a file."""
    path = folder / f"rows.{extension}"
    with path.open("w", newline="", encoding="utf-8") as file:
        if extension == "csv":
            writer = csv.writer(file)
            writer.writerow(rows[0])
            for row in rows:
                cells = ("" if v is None else v for v in row.values())
                writer.writerow([v if isinstance(v, str) else json.dumps(v) for v in cells])
        else:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    settings = KINDS[kind].settings()
    return list(read_items(path, ColumnMapping(), KINDS[kind], settings, ImportOptions()))
