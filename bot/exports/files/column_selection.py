"""Select columns of spooled rows, for data files that have only some of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import orjson

from bot.exports.json_lines import dump_line


def select_columns(lines: Path, names: Sequence[str], target: Path) -> None:
    """Write the rows in `lines` with these columns alone, in this order, to `target`."""
    with lines.open("rb") as source, target.open("wb") as file:
        for line in source:
            row = orjson.loads(line)
            file.write(dump_line({name: row[name] for name in names}))
