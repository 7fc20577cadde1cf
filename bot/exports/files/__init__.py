"""Registry of data file writers by type of file. A new one is one module and one line here.

Writers are dotted names, resolved on first use: pyarrow takes 40 MB of memory, and a bot that only
collects answers never needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from pkgutil import resolve_name
from typing import cast

from bot.exports.formats.format import Column

Writer = Callable[[Path, Sequence[Column], Path], None]
"""Writes one data file. Arguments: path of the rows as JSON Lines, columns, path to create."""

WRITERS: dict[str, str] = {
    "csv": "bot.exports.files.csv_table:write",
    "json": "bot.exports.files.json_array:write",
    "jsonl": "bot.exports.files.jsonl:write",
    "parquet": "bot.exports.files.parquet:write",
    "xlsx": "bot.exports.files.xlsx_table:write",
}


def writer_of(file_type: str) -> Writer:
    """Return the writer for a type of file; import its module on first use."""
    return cast("Writer", resolve_name(WRITERS[file_type]))
