"""The files of an export folder in the order of their upload: the manifest is the last one.

Object stores cannot rename a folder, so a reader could see half an export. Readers therefore wait
for `manifest.json`: when it is there, everything is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from bot.exports.archive import files_of
from bot.exports.manifest import MANIFEST_FILE

PIECE_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class UploadFile:
    """A file to upload; `name` is its path in the export, with slashes."""

    path: Path
    name: str
    size: int
    sha256: str


def upload_files(folder: Path) -> list[UploadFile]:
    """Return the files of an export, with their checksums, and the manifest as the last one.

    Raises:
        OSError: a file cannot be read, or there is no manifest.
    """
    paths = [path for path in files_of(folder) if path != folder / MANIFEST_FILE]
    return [_describe(path, folder) for path in (*paths, folder / MANIFEST_FILE)]


def manifest_sha256(folder: Path) -> str:
    """Return the checksum of the manifest, which has those of the data files.

    Raises:
        OSError: there is no manifest.
    """
    return _describe(folder / MANIFEST_FILE, folder).sha256


def _describe(path: Path, folder: Path) -> UploadFile:
    with path.open("rb") as file:
        checksum = file_digest(file, "sha256").hexdigest()
    name = path.relative_to(folder).as_posix()
    return UploadFile(path, name, path.stat().st_size, checksum)


def checksum_of(pieces: Iterator[bytes]) -> str:
    """Return the SHA-256 of bytes in pieces, in hex."""
    digest = sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()
