"""Spool the rows of an export to disk as JSON Lines, the source of all its data files.

The schema is complete only after the last row, because the criteria of ratings are collected while
the labels are read. Data files made from the same spool have the same rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import orjson

from bot.exports.formats.format import Column, Format, LeftOutLabel
from bot.exports.label_record import LabelRecord

BUFFER_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SpooledRows:
    """Result of spooling; `columns` are those of the format with their criteria filled in."""

    row_count: int
    left_out: Mapping[str, int]
    columns: tuple[Column, ...]


def spool_rows(labels: Iterable[LabelRecord], export_format: Format, path: Path) -> SpooledRows:
    """Write the rows of each label to `path`, one at a time, in the order of `labels`."""
    row_count, left_out = 0, Counter[str]()
    criteria: dict[str, dict[str, None]] = {
        column.name: {} for column in export_format.columns if column.type == "scores"
    }
    with path.open("wb", buffering=BUFFER_BYTES) as file:
        for record in labels:
            rows = export_format.rows_of(record)
            if isinstance(rows, LeftOutLabel):
                left_out[rows.reason] += 1
                continue
            for row in rows:
                for name, names in criteria.items():
                    names.update(dict.fromkeys(cast("dict[str, int]", row[name])))
                file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
                row_count += 1
    columns = (
        replace(column, criteria=tuple(criteria.get(column.name, ())))
        for column in export_format.columns
    )
    return SpooledRows(row_count, dict(sorted(left_out.items())), tuple(columns))
