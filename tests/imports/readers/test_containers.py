"""Compressed files, archives and folders: read as one file, with the name of each part."""

from __future__ import annotations

import gzip
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.imports.readers import read_rows
from bot.imports.row import Row, RowWarning, UnreadableFileError
from tests.imports.readers.test_parquet import parquet_bytes
from tests.imports.readers.test_xlsx import workbook_bytes

FILES = {
    "a.jsonl": b'{"a": "1"}\n',
    "a.csv": b"a\n1\n",
    "a.xlsx": workbook_bytes(["a"], ["1"]),
    "a.parquet": parquet_bytes([{"a": "1"}]),
}


def _fields(path: Path) -> list[object]:
    return [row.fields for row in read_rows(path) if isinstance(row, Row)]


@pytest.mark.parametrize("name", FILES)
def test_compressed_file_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.gz"
    path.write_bytes(gzip.compress(FILES[name]))
    assert _fields(path) == [{"a": "1"}]


@pytest.mark.parametrize("name", [*FILES, "a.jsonl.gz"])
def test_member_of_an_archive_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / "pairs.zip"
    content = gzip.compress(FILES["a.jsonl"]) if name.endswith(".gz") else FILES[name]
    with ZipFile(path, "w") as archive:
        archive.writestr(f"data/{name}", content)
        archive.writestr("__MACOSX/._a.jsonl", b"x")
    assert _fields(path) == [{"a": "1"}]


def test_files_of_a_folder_are_read_in_order(tmp_path: Path) -> None:
    for number in (2, 1):
        (tmp_path / f"part-{number}.jsonl").write_text(f'{{"a": {number}}}\n')
    (tmp_path / "part-3.jsonl.gz").write_bytes(gzip.compress(b'{"a": 3}\n'))
    (tmp_path / "manifest.json").write_text("{}")
    (tmp_path / ".hidden.jsonl").write_text("x")
    warning, *rows = read_rows(tmp_path)
    assert warning == RowWarning(0, "files of other types are skipped: manifest.json")
    assert rows == [
        Row(1, {"a": 1}, "part-1.jsonl"),
        Row(1, {"a": 2}, "part-2.jsonl"),
        Row(1, {"a": 3}, "part-3.jsonl.gz"),
    ]


def test_damaged_files_are_rejected(tmp_path: Path) -> None:
    cut = gzip.compress(FILES["a.jsonl"] * 1000)[:-20]
    for name, content, reason in [
        ("a.jsonl.gz", b"not gzip", "not compressed with gzip"),
        ("b.jsonl.gz", cut, "damaged or incomplete"),
        ("c.zip", b"not a zip", "not a ZIP file"),
    ]:
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(UnreadableFileError, match=reason):
            list(read_rows(path))


def test_archive_without_rows_names_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("inner.zip", b"PK")
        archive.writestr("README.md", "Read me.")
    reason = (
        r"no file in it has rows: README\.md, inner\.zip; an archive inside it must be unpacked"
    )
    with pytest.raises(UnreadableFileError, match=reason):
        list(read_rows(path))
