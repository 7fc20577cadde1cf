"""Folders on this machine, told apart from addresses of other storage."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from bot.errors import BotError

ADDRESS_PATTERN = re.compile(r"[^/\\]*://|[A-Za-z][A-Za-z0-9+.-]+:")
"""The beginning of an address such as s3://bucket or hf:name; a drive has one letter."""

DRIVE_PATTERN = re.compile(r"[A-Za-z]:[/\\]")

SCHEME_PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
"""What the scheme of a URL becomes when the URL is taken for a path: a folder such as `s3:`."""


class NotAFolderError(BotError):
    """“{text}” is not a folder on this machine."""


def parse_folder(text: str) -> Path:
    """Return the folder that a text names; `~` is the home folder of the user.

    A folder whose name begins like an address is written as `./hf:name`.

    Raises:
        NotAFolderError: it is blank, a URL, or a drive on a system that has none.
    """
    name = text.strip()
    is_drive = DRIVE_PATTERN.match(name) is not None and os.name != "nt"
    if not name or is_drive or ADDRESS_PATTERN.match(name):
        raise NotAFolderError(text=text)
    return Path(text).expanduser()


def check_folder(folder: Path) -> None:
    """Check a folder that may have been a URL before it became a path.

    Raises:
        NotAFolderError: a part of it is the scheme of a URL.
    """
    if any(SCHEME_PATTERN.fullmatch(part) for part in folder.parts):
        raise NotAFolderError(text=folder)


def write_problem(folder: Path) -> str | None:
    """Return why this user cannot write into a folder that exists or can be created, or None."""
    existing = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=existing) as file:
            file.write(bytes(4096))
            file.flush()
    except OSError as error:
        return f"{existing.resolve()} is not a writable folder ({error.strerror})"
    return None
