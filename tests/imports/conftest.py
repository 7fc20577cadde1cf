"""Files to import, made on the spot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

LONGEST_ID = 40


def pytest_make_parametrize_id(val: object) -> str | None:
    """Keep megabytes of test data out of the names of tests."""
    if isinstance(val, (str, bytes)) and len(val) > LONGEST_ID:
        return ascii(val[:LONGEST_ID])
    return None


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Return what writes a file: its name, and its content as bytes or as text in UTF-8."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write
