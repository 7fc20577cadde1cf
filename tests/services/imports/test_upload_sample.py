"""Samples of uploaded Parquet files: what the bot shows and checks is what the import will read."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from bot.child_process import run_on_file
from bot.imports.item_reader import read_items
from bot.imports.mapping import ColumnMapping
from bot.imports.plan import ImportOptions
from bot.imports.read_item import ImportedItem
from bot.imports.readers import read_rows
from bot.imports.row import UnreadableFileError
from bot.kinds import kind_named
from bot.sandbox.png import striped_png
from bot.services.imports.upload_sample import (
    MAX_CHECKED_ROWS,
    needs_sample,
    readable_path,
    remove_upload,
    write_sample,
)

SONG = b"ID3" + bytes(range(200))
ROWS = [
    {
        "prompt": f"Who sings {number}?",
        "response_a": "Ada",
        "response_b": "Ben",
        "audio": {"bytes": SONG + bytes([number]), "path": "a.mp3"},
        "raw": SONG,
        "score": 0.5,
        "tags": ["x", None],
    }
    for number in range(3)
]


def parquet_bytes(rows: Sequence[Mapping[str, Any]]) -> bytes:
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    file = BytesIO()
    parquet.write_table(arrow.Table.from_pylist(list(rows)), file)
    return file.getvalue()


def items_in(path: Path, media_path: Path) -> list[ImportedItem]:
    kind = kind_named("comparison")
    options = ImportOptions(media_path=media_path)
    read = list(read_items(path, ColumnMapping(), kind, kind.settings(), options))
    items = [one for one in read if isinstance(one, ImportedItem)]
    assert len(items) == len(read), read
    return items


def test_sample_has_the_items_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "0123.parquet"
    path.write_bytes(parquet_bytes(ROWS))
    assert needs_sample(path)
    write_sample(path)
    sample = readable_path(path)
    assert sample.name == "0123.sample.jsonl"
    for original, sampled in zip(items_in(path, path), items_in(sample, path), strict=True):
        assert sampled.line == original.line
        assert sampled.content.prompt == original.content.prompt
        assert sampled.content.candidates == original.content.candidates
        assert [one.type for one in sampled.content.media] == ["audio"]
        assert sampled.content.meta.keys() == original.content.meta.keys()
    assert len({item.content.media[0].url for item in items_in(sample, path)}) == len(ROWS)
    remove_upload(path)
    assert list(tmp_path.iterdir()) == []


def test_sample_of_an_archive_finds_the_files_beside_the_data(tmp_path: Path) -> None:
    path = tmp_path / "0123.zip"
    row = {"prompt": "Which?", "response_a": "A", "response_b": "B", "image": "pictures/1.png"}
    with ZipFile(path, "w") as archive:
        archive.writestr("train/data.parquet", parquet_bytes([row]))
        archive.writestr("train/pictures/1.png", striped_png(2, [(255, 0, 0)]))
    assert needs_sample(path)
    write_sample(path)
    (item,) = items_in(readable_path(path), path)
    (original,) = items_in(path, path)
    assert item.content == original.content
    assert item.content.media[0].content == striped_png(2, [(255, 0, 0)])


def test_rows_of_a_sample_name_the_files_of_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "0123.zip"
    with ZipFile(path, "w") as archive:
        for name in ("a/x.parquet", "a/y.PARQUET", "b/x.parquet.gz"):
            content = parquet_bytes(ROWS[:1])
            archive.writestr(name, gzip.compress(content) if name.endswith(".gz") else content)
    write_sample(path)
    names = [row.file for row in read_rows(readable_path(path))]
    assert names == ["a/x.parquet", "a/y.PARQUET", "b/x.parquet.gz"]


def test_sample_has_one_row_more_than_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "0123.parquet"
    path.write_bytes(parquet_bytes([{"n": number} for number in range(MAX_CHECKED_ROWS + 9)]))
    write_sample(path)
    assert len(readable_path(path).read_text().splitlines()) == MAX_CHECKED_ROWS + 1


def test_other_files_need_no_sample(tmp_path: Path) -> None:
    path = tmp_path / "0123.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("a.jsonl", '{"a": 1}')
    assert not needs_sample(path)
    assert not needs_sample(tmp_path / "0123.jsonl.gz")
    assert readable_path(path) == path


@pytest.mark.slow
async def test_child_process_writes_the_sample_or_says_why_not(tmp_path: Path) -> None:
    path, damaged = tmp_path / "0123.parquet", tmp_path / "4567.parquet"
    path.write_bytes(parquet_bytes(ROWS))
    damaged.write_bytes(b"PAR1 no")
    assert not await run_on_file("bot.upload_sample_process", path)
    assert readable_path(path) != path
    reason = await run_on_file("bot.upload_sample_process", damaged)
    with pytest.raises(UnreadableFileError, match="not a Parquet file"):
        write_sample(damaged)
    assert reason == "it is not a Parquet file, or it is damaged"


PREVIEW = """
import sys
from pathlib import Path
from bot.services.imports import upload_sample, uploads
path = Path(sys.argv[1])
assert upload_sample.needs_sample(path)
columns, rows = uploads.preview_file(path, "pairs.parquet")
assert "prompt" in columns and "pyarrow" not in sys.modules, sorted(sys.modules)
"""


@pytest.mark.slow
def test_preview_of_a_sample_does_not_load_the_library(tmp_path: Path) -> None:
    path = tmp_path / "0123.parquet"
    path.write_bytes(parquet_bytes(ROWS))
    write_sample(path)
    subprocess.run([sys.executable, "-c", PREVIEW, str(path)], check=True)  # noqa: S603 - our own code
