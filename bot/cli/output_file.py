"""Files that commands write on request."""

from __future__ import annotations

from pathlib import Path

from bot.errors import BotError


class OutputFileError(BotError):
    """Cannot write {path} ({reason}). Name a file in a folder that exists and can be written."""


def require_folder(path: Path | None) -> None:
    """Raise OutputFileError, before long work, if the folder of a requested file is missing."""
    if path is not None and not path.parent.is_dir():
        raise OutputFileError(path=path, reason=f"there is no folder {path.parent}")


def write_file(path: Path, content: bytes) -> None:
    """Write a file.

    Raises:
        OutputFileError: it cannot be written.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise OutputFileError(path=path, reason=error.strerror or str(error)) from error
