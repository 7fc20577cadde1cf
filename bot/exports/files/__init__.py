"""What rows are written as: every kind of data file, by ending. A new one is one file, one line.

Writers are dotted names, resolved when they are first used: pyarrow takes 40 MB of memory and a
bot that only collects answers never needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from pkgutil import resolve_name
from typing import cast

from bot.exports.formats.format import Column

Writer = Callable[[Path, Sequence[Column], Path], None]
"""Makes one data file: from the rows as JSON Lines, with these columns, at this new path."""

WRITERS: dict[str, str] = {
    "jsonl": "bot.exports.files.jsonl:write",
    "parquet": "bot.exports.files.parquet:write",
}


def writer_of(ending: str) -> Writer:
    """Return what writes files with this ending, importing it if need be."""
    return cast("Writer", resolve_name(WRITERS[ending]))
