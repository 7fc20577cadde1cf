"""Hash of an imported file or folder, as evidence in exports."""

from __future__ import annotations

from hashlib import file_digest, sha256
from pathlib import Path


def digest_of_path(path: Path) -> str | None:
    """Return the SHA-256 of a file in hex, None if it cannot be read.

    That of a folder is the hash of the names and hashes of its files, as `sha256sum` lists them.
    """
    try:
        if not path.is_dir():
            return _digest_of_file(path)
        lines = sorted(
            f"{_digest_of_file(file)}  {file.relative_to(path).as_posix()}\n"
            for file in path.rglob("*")
            if file.is_file()
        )
    except OSError:
        return None  # the reader reports the problem
    return sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def _digest_of_file(path: Path) -> str:
    with path.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()
