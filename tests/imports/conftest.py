"""Fixtures: temporary files to import, and short test ids."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

MAX_ID_CHARS = 40


def pytest_make_parametrize_id(val: object) -> str | None:
    """Shorten test ids made from long strings."""
    if isinstance(val, (str, bytes)) and len(val) > MAX_ID_CHARS:
        return ascii(val[:MAX_ID_CHARS])
    return None


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Return a function that writes a temporary file; text is encoded as UTF-8."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write
