"""Version of the code that wrote an export: a hash of its source files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import ModuleType


@cache
def digest_of_packages(*packages: ModuleType) -> str:
    """Return the SHA-256 of all Python files of packages, in hex; it takes some milliseconds.

    It is the same wherever the same code is installed.
    """
    digest = sha256()
    for package in packages:
        for folder in package.__path__:
            for path in _source_files(Path(folder)):
                name = path.relative_to(folder).as_posix()
                content = sha256(path.read_bytes()).hexdigest()
                digest.update(f"{package.__name__}/{name} {content}\n".encode())
    return digest.hexdigest()


def _source_files(folder: Path) -> Iterator[Path]:
    return iter(sorted(folder.rglob("*.py"), key=lambda path: path.relative_to(folder).as_posix()))
