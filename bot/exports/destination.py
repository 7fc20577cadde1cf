"""Where exports can be written: folders on this machine, not addresses of other storage."""

from __future__ import annotations

import os
import re
from pathlib import Path

from bot.errors import BotError

ADDRESS_PATTERN = re.compile(r"[^/\\]*://|[A-Za-z][A-Za-z0-9+.-]+:[/\\]")
"""The beginning of a URL such as s3://bucket, with one slash or more; a drive has one letter."""

DRIVE_PATTERN = re.compile(r"[A-Za-z]:[/\\]")

SCHEME_PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
"""What the scheme of a URL becomes when the URL is taken for a path: a folder such as `s3:`."""


class UnsupportedDestinationError(BotError):
    """Exports cannot be written to “{destination}”: only a folder on this machine is supported."""


def parse_destination(text: str) -> Path:
    """Return the folder that a destination names.

    Raises:
        UnsupportedDestinationError: it is a URL, or a drive on a system that has none.
    """
    is_drive = DRIVE_PATTERN.match(text.strip()) is not None and os.name != "nt"
    if is_drive or ADDRESS_PATTERN.match(text.strip()):
        raise UnsupportedDestinationError(destination=text)
    return Path(text)


def check_destination(folder: Path) -> None:
    """Check a folder that may have been a URL before it became a path.

    Raises:
        UnsupportedDestinationError: a part of it is the scheme of a URL.
    """
    if any(SCHEME_PATTERN.fullmatch(part) for part in folder.parts):
        raise UnsupportedDestinationError(destination=folder)
