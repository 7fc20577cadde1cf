"""JSON Lines writer: the spooled rows as they are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from bot.exports.files.media_loader import MediaLoader, no_media
from bot.exports.formats.format import Column


def write(
    lines: Path, _columns: Sequence[Column], target: Path, _load_media: MediaLoader = no_media
) -> None:
    """Link the rows to `target`; copy them if the file system has no hard links."""
    try:
        os.link(lines, target)
    except OSError:
        shutil.copyfile(lines, target)
