"""Where exports can be written: folders on this machine, not addresses of other storage."""

from __future__ import annotations

import os
import re
from pathlib import Path

from bot.errors import BotError

ADDRESS_PATTERN = re.compile(r"[^/\\]*://|[A-Za-z][A-Za-z0-9+.-]+:")
"""The beginning of an address such as s3://bucket or hf:name; a drive has one letter."""

DRIVE_PATTERN = re.compile(r"[A-Za-z]:[/\\]")

SCHEME_PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
"""What the scheme of a URL becomes when the URL is taken for a path: a folder such as `s3:`."""


class UnsupportedDestinationError(BotError):
    """Exports cannot be written to “{destination}”: only a folder on this machine is supported."""


def parse_destination(text: str) -> Path:
    """Return the folder that a destination names; `~` is the home folder of the user.

    A folder whose name begins like an address is written as `./hf:name`.

    Raises:
        UnsupportedDestinationError: it is blank, a URL, or a drive on a system that has none.
    """
    name = text.strip()
    is_drive = DRIVE_PATTERN.match(name) is not None and os.name != "nt"
    if not name or is_drive or ADDRESS_PATTERN.match(name):
        raise UnsupportedDestinationError(destination=text)
    return Path(text).expanduser()


def check_destination(folder: Path) -> None:
    """Check a folder that may have been a URL before it became a path.

    Raises:
        UnsupportedDestinationError: a part of it is the scheme of a URL.
    """
    if any(SCHEME_PATTERN.fullmatch(part) for part in folder.parts):
        raise UnsupportedDestinationError(destination=folder)
