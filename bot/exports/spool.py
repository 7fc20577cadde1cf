"""From labels to rows on disk, JSON one a line: what every file of an export is made from.

Rows are written before their schema is known, because the criteria of a rating turn up only while
the labels stream by; and files made from the same lines hold the same rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import orjson

from bot.exports.formats.format import Column, Format, LeftOut
from bot.exports.labelled import Labelled

BUFFER = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Spooled:
    """What was written: `columns` are those of the format, their parts filled in."""

    rows: int
    skipped: Mapping[str, int]
    columns: tuple[Column, ...]


def spool(labels: Iterable[Labelled], shape: Format, path: Path) -> Spooled:
    """Write the rows of each label to `path`, in the given order, one at a time."""
    rows, skipped = 0, Counter[str]()
    parts: dict[str, dict[str, None]] = {
        column.name: {} for column in shape.columns if column.type == "scores"
    }
    with path.open("wb", buffering=BUFFER) as file:
        for labelled in labels:
            found = shape.rows_of(labelled)
            if isinstance(found, LeftOut):
                skipped[found.reason] += 1
                continue
            for row in found:
                for name, known in parts.items():
                    known.update(dict.fromkeys(cast("dict[str, int]", row[name])))
                file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
                rows += 1
    closed = (replace(column, parts=tuple(parts.get(column.name, ()))) for column in shape.columns)
    return Spooled(rows, dict(sorted(skipped.items())), tuple(closed))
