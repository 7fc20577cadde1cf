"""Fixtures: temporary files to import, and short test ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.imports.item_content import build_content
from bot.imports.mapping import ColumnMapping, CompiledMapping
from bot.imports.readers.source import FileSource, ReadOptions
from bot.kinds.content import Content

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


def source_of(path: Path, options: ReadOptions | None = None) -> FileSource:
    """Return a file on disk as readers get it."""
    return FileSource(path.name, lambda: path.open("rb"), options or ReadOptions())


def content_of_row(row: Mapping[str, object], columns: ColumnMapping) -> Content:
    """Return the content of one row."""
    return build_content(row, CompiledMapping(columns))
