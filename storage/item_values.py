"""The values of an item that is inserted, as its columns store them.

This module uses no SQL, so that the process that reads a file need not load SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

Values = tuple[str | None, ...]
"""The values of columns, in order: plain tuples, which one process sends another quickly."""

ITEM_VALUES = (
    *("shown_digest", "prompt", "draft", "meta", "media", "author", "domains", "language"),
    "gold",
)
"""The columns of an item that its content sets; prompt, meta, media … are JSON texts."""

CANDIDATE_VALUES = ("text", "model", "media", "author", "turns", "extra")
"""The columns of a candidate that its content sets; media, turns and extra are JSON texts."""


class NewItem(NamedTuple):
    """An item to insert; `audience` is who suits it.

    `values` are those of the columns `ITEM_VALUES`, and `candidates` those of `CANDIDATE_VALUES`.
    """

    values: Values
    candidates: Sequence[Values]
    audience: str
    has_text: bool
    is_gold: bool
