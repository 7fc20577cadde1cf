"""Deduplication: rows that train exactly the same as an earlier row are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

import orjson

from bot.exports.formats.format import SOURCE_COLUMNS, ExportRow, Format, LeftOutLabel
from bot.exports.label_record import LabelRecord

DUPLICATE = "duplicate of an earlier row"

DIGEST_BYTES = 16

UNTRAINED_COLUMNS = frozenset(
    (
        *(column.name for column in SOURCE_COLUMNS),
        *("id", "ids", "item_id", "index", "metadata", "soft_label", "spread", "origin", "level"),
        *(
            "model",
            "models",
            "chosen_model",
            "rejected_model",
            "reason",
            "categories",
            "started_from",
        ),
    )
)
"""Columns that say where a row comes from and how certain it is. Two rows with the same content
in all others train the same."""


@dataclass(slots=True)
class Deduplication:
    """Rows seen so far, by digest: memory grows by about a hundred bytes a row.

    `left_out_rows` counts the rows that are left out, by format.
    """

    format: Format
    left_out_rows: dict[str, int]
    _digests: set[bytes] = field(default_factory=set)

    def distinct_format(self) -> Format:
        """Return the format without rows that train the same as an earlier one."""
        self.left_out_rows[self.format.name] = 0
        return replace(self.format, to_rows=self._to_rows)

    def _to_rows(self, record: LabelRecord) -> Sequence[ExportRow] | LeftOutLabel:
        rows = self.format.to_rows(record)
        if isinstance(rows, LeftOutLabel):
            return rows
        new = [row for row in rows if self._is_new(row)]
        self.left_out_rows[self.format.name] += len(rows) - len(new)
        return new if new or not rows else LeftOutLabel(DUPLICATE, record.answers)

    def _is_new(self, row: ExportRow) -> bool:
        trained = {name: cell for name, cell in row.items() if name not in UNTRAINED_COLUMNS}
        content = orjson.dumps(trained, option=orjson.OPT_SORT_KEYS)
        digest = blake2b(content, digest_size=DIGEST_BYTES).digest()
        is_new = digest not in self._digests
        self._digests.add(digest)
        return is_new
