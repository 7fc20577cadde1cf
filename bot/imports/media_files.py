"""Files next to a data file: in its folder, or in the same ZIP archive; never outside of it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile

from bot.imports.media_bytes import MAX_BYTES, ReadMedia, without_files
from bot.imports.readers.containers import ARCHIVE
from bot.imports.row import InvalidRowError, quote_name

LARGEST = max(MAX_BYTES.values())
"""Bytes of the largest file that is read at all; each type has its own limit."""


@contextmanager
def open_media(path: Path, *, may_read_folder: bool) -> Iterator[MediaFiles]:
    """Open the files next to the data files at `path`, which is a folder, an archive or a file.

    Beside a single file, nothing is read unless `may_read_folder`.
    """
    if path.is_dir():
        yield MediaFiles(path)
    elif path.suffix.lower() == ARCHIVE:
        with ZipFile(path) as archive:
            yield MediaFiles(archive)
    else:
        yield MediaFiles(path.parent if may_read_folder else None)


class MediaFiles:
    """The files in a folder or archive; None if there are none."""

    def __init__(self, root: Path | ZipFile | None) -> None:
        """Read files from `root`."""
        self._root = root

    def beside(self, file: str) -> ReadMedia:
        """Return a function that reads files by their path relative to a data file.

        `file` is the path of the data file in the folder or archive, "" for a single file.
        """
        root = self._root
        if root is None:
            return without_files
        folder = PurePosixPath(file).parent

        def read_media(path: str) -> bytes:
            try:
                joined = _join(folder, path)
                if isinstance(root, ZipFile):
                    return _read_member(root, joined)
                return _read_file(root, joined)
            except _FlawError as flaw:
                message = f"the file {quote_name(path)} {flaw}"
                raise InvalidRowError(message) from None

        return read_media


NO_MEDIA = MediaFiles(None)


class _FlawError(Exception):
    """Why a file cannot be read, as in “the file … does not exist”."""


def _join(folder: PurePosixPath, path: str) -> PurePosixPath:
    relative = PurePosixPath(path.strip().replace("\\", "/"))
    is_outside = relative.is_absolute() or ".." in relative.parts or ":" in path
    if is_outside or not path.isprintable():
        message = "is not a path inside the folder of the data file"
        raise _FlawError(message)
    return folder / relative


def _read_file(root: Path, path: PurePosixPath) -> bytes:
    try:
        file = (root / path).resolve()
        if not file.is_relative_to(root.resolve()):
            message = "leads outside the folder of the data file"
            raise _FlawError(message)
        if not file.is_file():
            message = "does not exist next to the data file; add it, or correct its path"
            raise _FlawError(message)
        with file.open("rb") as stream:
            return _within_limit(stream.read(LARGEST + 1))
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links
        message = "cannot be read"
        raise _FlawError(message) from error


def _read_member(archive: ZipFile, path: PurePosixPath) -> bytes:
    try:
        with archive.open(path.as_posix()) as stream:
            return _within_limit(stream.read(LARGEST + 1))
    except KeyError:
        message = "is not in the archive; add it, or correct its path"
        raise _FlawError(message) from None
    except (OSError, EOFError, BadZipFile, zlib.error, RuntimeError) as error:
        message = "cannot be read: the archive is damaged, or needs a password"
        raise _FlawError(message) from error


def _within_limit(content: bytes) -> bytes:
    if len(content) > LARGEST:
        message = f"has more than {LARGEST:,} bytes"
        raise _FlawError(message)
    return content
