"""ZIP archives of exports: complete, and the same bytes for the same files."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from hypothesis import given
from hypothesis import strategies as st

from bot.exports.archive import files_of, folder_bytes, write_archive


def build_archive(folder: Path) -> bytes:
    """Return the archive of a folder."""
    buffer = BytesIO()
    write_archive(folder, buffer)
    return buffer.getvalue()


def test_archive_unpacks_to_the_same_folder(tmp_path: Path) -> None:
    folder = tmp_path / "tone-preference"
    (folder / "images").mkdir(parents=True)
    (folder / "data.jsonl").write_text("{}\n" * 1000)
    (folder / "data.parquet").write_bytes(b"PAR1" * 1000)
    (folder / "images" / "cat.png").write_bytes(b"png")
    archive = build_archive(folder)
    (tmp_path / "unpacked").mkdir()
    with ZipFile(BytesIO(archive)) as opened:
        opened.extractall(tmp_path / "unpacked")
    unpacked = tmp_path / "unpacked" / "tone-preference"
    assert [path.relative_to(unpacked) for path in files_of(unpacked)] == [
        path.relative_to(folder) for path in files_of(folder)
    ]
    assert all(
        (unpacked / path.relative_to(folder)).read_bytes() == path.read_bytes()
        for path in files_of(folder)
    )
    assert folder_bytes(folder) == 3 * 1000 + 4 * 1000 + 3
    assert len(archive) < folder_bytes(folder)


def test_same_files_give_the_same_archive(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "data.jsonl").write_text("{}\n")
    first = build_archive(folder)
    os.utime(folder / "data.jsonl", (1, 1))
    assert build_archive(folder) == first


@given(st.binary())
def test_every_content_reads_back_equal(content: bytes) -> None:
    with TemporaryDirectory() as parent:
        folder = Path(parent) / "export"
        folder.mkdir()
        (folder / "data.jsonl").write_bytes(content)
        with ZipFile(BytesIO(build_archive(folder))) as opened:
            assert opened.read("export/data.jsonl") == content
