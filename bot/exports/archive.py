"""A ZIP archive of an export folder, for people: the data files with their card and manifest."""

from __future__ import annotations

from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

COPY_BYTES = 1_000_000

COMPRESSED_SUFFIXES = (".parquet", ".xlsx", ".png", ".jpg", ".jpeg", ".webp", ".gif")
"""Files that are compressed already; doing it again takes time and saves nothing."""

FILE_MODE = 0o644 << 16
"""Permissions of the unpacked files, where ZIP archives store them."""


def files_of(folder: Path) -> list[Path]:
    """Return the files in a folder and the folders in it, in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def folder_bytes(folder: Path) -> int:
    """Return the total size of the files in a folder, in bytes."""
    return sum(path.stat().st_size for path in files_of(folder))


def write_archive(folder: Path, to: IO[bytes]) -> None:
    """Write a ZIP archive that unpacks to a folder of the same name.

    The same files give the same bytes: times are left out.

    Raises:
        OSError: a file cannot be read, or the archive cannot be written.
    """
    with ZipFile(to, "w") as archive:
        for path in files_of(folder):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            _add_file(archive, path, ZipInfo(name))


def _add_file(archive: ZipFile, path: Path, info: ZipInfo) -> None:
    is_compressed = path.suffix in COMPRESSED_SUFFIXES
    info.compress_type = ZIP_STORED if is_compressed else ZIP_DEFLATED
    info.external_attr = FILE_MODE
    info.file_size = path.stat().st_size  # decides about the 64-bit extension
    with path.open("rb") as source, archive.open(info, "w") as target:
        while piece := source.read(COPY_BYTES):
            target.write(piece)
