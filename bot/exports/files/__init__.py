"""Registry of data file writers by type of file. A new one is one module and one line here.

Writers are dotted names, resolved on first use: pyarrow takes 40 MB of memory, and a bot that only
collects answers never needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from pkgutil import resolve_name
from typing import Protocol, cast

from bot.exports.files.media_loader import MediaLoader, no_media
from bot.exports.formats.format import Column


class Writer(Protocol):
    """Writes one data file."""

    def __call__(
        self,
        lines: Path,
        columns: Sequence[Column],
        target: Path,
        load_media: MediaLoader = no_media,
        /,
    ) -> None:
        """Write the rows in `lines`, as JSON Lines, to `target`, with the media that are loaded."""


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
