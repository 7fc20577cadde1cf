"""The manifest of an export: what is in it, exactly, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import orjson

from bot import __version__
from bot.exports.formats.format import Format
from bot.exports.spool import Spooled

MANIFEST = "manifest.json"
MANIFEST_VERSION = 1


@dataclass(frozen=True, slots=True)
class DataFile:
    """One data file of an export; `size` in bytes, `sha256` in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a manifest and a card tell of an export. `facts` are the caller's."""

    name: str
    shape: Format
    spooled: Spooled
    files: tuple[DataFile, ...]
    facts: Mapping[str, object]


def manifest_of(contents: Contents) -> bytes:
    """Return the manifest as JSON. It tells no time of its own: same data, same bytes."""
    return orjson.dumps(
        {
            "manifest_version": MANIFEST_VERSION,
            "labelbot_version": __version__,
            "name": contents.name,
            "format": contents.shape.name,
            "rows": contents.spooled.rows,
            "skipped": contents.spooled.skipped,
            "files": [asdict(file) for file in contents.files],
            "columns": [asdict(column) for column in contents.spooled.columns],
            "facts": contents.facts,
        },
        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
    )
