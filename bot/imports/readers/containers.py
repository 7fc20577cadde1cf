"""Files inside others: compressed files, ZIP archives and folders."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast
from zipfile import BadZipFile, ZipFile

from bot.imports.readers.source import FileSource, ReadOptions
from bot.imports.row import UnreadableFileError

COMPRESSED = ".gz"
ARCHIVE = ".zip"

MEDIA = (
    *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".svg"),
    *(".mp3", ".m4a", ".wav", ".ogg", ".oga", ".opus", ".flac", ".aac"),
    *(".mp4", ".m4v", ".mov", ".webm", ".mkv"),
)
"""Extensions of images, audio and video, which rows of the data files name. They have no rows."""

MAX_FILES = 10_000
"""Most files in a folder or an archive, without images, audio and video."""


@dataclass(frozen=True, slots=True)
class FilesByType:
    """The files of a folder or archive in order; a single file is the only one."""

    files: Sequence[FileSource]

    @property
    def single(self) -> FileSource:
        """Return the only file."""
        return self.files[0]

    def by_type(self, type_of: Callable[[str], str | None]) -> dict[str | None, list[FileSource]]:
        """Return the files by the type that `type_of` finds in their name."""
        groups: dict[str | None, list[FileSource]] = {}
        for file in self.files:
            groups.setdefault(type_of(file.name), []).append(file)
        return groups


def sources_in(path: Path, options: ReadOptions) -> FilesByType:
    """Return the files at a path: those of a folder or archive, or the file itself.

    Raises:
        UnreadableFileError: the archive is damaged, or there are too many files.
    """
    if path.is_dir():
        files = [
            _file_source(file, file.relative_to(path).as_posix(), options)
            for file in sorted(path.rglob("*"))
            if file.is_file() and _may_have_rows(file.relative_to(path).as_posix())
        ]
        return _check_count(path, files)
    if path.suffix.lower() == ARCHIVE:
        return _check_count(path, _members_of(path, options))
    return FilesByType([_file_source(path, path.name, options)])


def _file_source(path: Path, name: str, options: ReadOptions) -> FileSource:
    if path.suffix.lower() == COMPRESSED:
        return FileSource(
            name, lambda: cast("BinaryIO", gzip.open(path, "rb")), options, is_packed=True
        )
    return FileSource(name, lambda: path.open("rb"), options)


def _members_of(path: Path, options: ReadOptions) -> list[FileSource]:
    try:
        with ZipFile(path) as archive:
            names = [member.filename for member in archive.infolist() if not member.is_dir()]
    except (OSError, BadZipFile) as error:
        raise UnreadableFileError(name=path.name, reason="it is not a ZIP file") from error
    visible = sorted(name for name in names if _may_have_rows(name))
    return [_member_source(path, name, options) for name in visible]


def _member_source(path: Path, name: str, options: ReadOptions) -> FileSource:
    def open_member() -> BinaryIO:
        stream = cast("BinaryIO", ZipFile(path).open(name))  # noqa: SIM115 - the caller closes it
        return cast("BinaryIO", gzip.open(stream)) if name.lower().endswith(COMPRESSED) else stream

    return FileSource(name, open_member, options, is_packed=True)


def _may_have_rows(name: str) -> bool:
    """Return whether a file is neither hidden nor an image, audio or video."""
    is_hidden = any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
    return not is_hidden and not name.lower().endswith(MEDIA)


def _check_count(path: Path, files: Sequence[FileSource]) -> FilesByType:
    if len(files) > MAX_FILES:
        reason = f"it has {len(files):,} files; the limit is {MAX_FILES:,}"
        raise UnreadableFileError(name=path.name, reason=reason)
    return FilesByType(files)
