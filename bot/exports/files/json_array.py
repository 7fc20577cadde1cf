"""JSON writer: one array with all rows, an element per line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.exports.files.media_loader import MediaLoader, no_media
from bot.exports.formats.format import Column


def write(
    lines: Path, _columns: Sequence[Column], target: Path, _load_media: MediaLoader = no_media
) -> None:
    """Write the rows in `lines` as an array; without rows it is empty."""
    with lines.open("rb") as source, target.open("wb") as file:
        start = b"[\n"
        for line in source:
            file.write(start + line.rstrip(b"\n"))
            start = b",\n"
        file.write(b"[]\n" if start == b"[\n" else b"\n]\n")
