"""An export is a whole folder that trains, or it is nothing."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bot.errors import BotError
from bot.exports.export_folder import (
    BadExportNameError,
    ExportNameTakenError,
    ExportResult,
    write_export,
)
from bot.exports.formats import FORMATS
from bot.exports.formats.format import Format, SkippedLabel
from bot.exports.label_record import LabelRecord
from bot.imports.column_mapping import ColumnMapping
from bot.imports.item_reader import ImportedItem, read_items
from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.demonstration import DEMONSTRATION

ExampleOf = Callable[[Kind[Any]], LabelRecord]
Load = Callable[..., datasets.Dataset]

every_format = pytest.mark.parametrize("shape", FORMATS.values(), ids=list(FORMATS))


def _write(
    labels: Iterable[LabelRecord], directory: Path, shape: str = "annotations", name: str = "spring"
) -> ExportResult:
    facts = {"campaign": "spring", "experts": 3}
    return write_export(
        labels, format=FORMATS[shape], directory=directory, name=name, metadata=facts
    )


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@every_format
def test_the_folder_loads_as_it_is_with_the_types_of_its_columns(
    tmp_path: Path, example_of: ExampleOf, load: Load, shape: Format
) -> None:
    labels = [example_of(kind) for kind in KINDS.values()]
    written = _write(labels, tmp_path / "out", shape.name)
    lines = (written.directory / "data.jsonl").read_bytes().splitlines()
    rows = [json.loads(line) for line in lines]
    loaded = load(str(written.directory))
    assert loaded.to_list() == rows
    assert loaded.column_names == [column.name for column in shape.columns]
    found = [shape.to_rows(label) for label in labels]
    kept = [many for many in found if not isinstance(many, SkippedLabel)]
    assert len(rows) == written.row_count == sum(map(len, kept))
    assert len(labels) - len(kept) == sum(written.skipped.values())
    schema = pq.read_schema(written.directory / "data.parquet")
    assert loaded.features == datasets.Features.from_arrow_schema(schema)


def test_the_manifest_says_exactly_what_is_there(tmp_path: Path, example_of: ExampleOf) -> None:
    labels = [example_of(kind) for kind in KINDS.values()]
    written = _write(labels, tmp_path, "preference")
    manifest = json.loads((written.directory / "manifest.json").read_text())
    assert manifest["format"] == "preference"
    assert manifest["name"] == "spring"
    assert manifest["rows"] == 3
    assert manifest["skipped"] == {"neither a comparison nor a ranking": 4}
    assert manifest["facts"] == {"campaign": "spring", "experts": 3}
    assert [column["name"] for column in manifest["columns"]] == [
        column.name for column in FORMATS["preference"].columns
    ]
    for file in manifest["files"]:
        data = (written.directory / file["name"]).read_bytes()
        assert (file["size"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    names = {path.name for path in written.directory.iterdir()}
    assert names == {"data.jsonl", "data.parquet", "manifest.json", "README.md"}


@every_format
def test_the_same_labels_give_the_same_bytes(
    tmp_path: Path, example_of: ExampleOf, shape: Format
) -> None:
    labels = [example_of(kind) for kind in KINDS.values()] * 50
    one = _write(labels, tmp_path / "one", shape.name)
    other = _write(iter(labels), tmp_path / "other", shape.name)
    assert _bytes(one.directory) == _bytes(other.directory)


def test_a_new_export_replaces_the_old_one_only_when_it_is_whole(
    tmp_path: Path, example_of: ExampleOf
) -> None:
    example = example_of(DEMONSTRATION)
    before = _bytes(_write([example], tmp_path).directory)

    def labels() -> Iterator[LabelRecord]:
        for number in range(1_000):
            assert _bytes(tmp_path / "spring") == before
            yield replace(example, item_key=str(number))

    written = _write(labels(), tmp_path)
    assert written.row_count == 1_000
    assert _bytes(tmp_path / "spring") != before
    assert [path.name for path in tmp_path.iterdir()] == ["spring"]


@pytest.mark.parametrize("earlier", [False, True])
def test_labels_that_fail_midway_leave_no_trace(
    tmp_path: Path, example_of: ExampleOf, *, earlier: bool
) -> None:
    example = example_of(DEMONSTRATION)
    if earlier:
        _write([example], tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}

    def labels() -> Iterator[LabelRecord]:
        yield from [example] * 5_000
        message = "the database went away"
        raise ConnectionError(message)

    with pytest.raises(ConnectionError):
        _write(labels(), tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


FULL_DISK = """
import resource, sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from bot.exports.formats import FORMATS
from bot.exports.label_record import Labelled
from bot.exports.export_folder import write_export
from bot.kinds.demonstration import DEMONSTRATION

label = DEMONSTRATION.example.label
moment = datetime(2026, 3, 1, tzinfo=UTC)
labels = [Labelled(label, str(n), "c", "demonstration", "e", moment, 1, 1, {}) for n in range(9000)]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    target = Path(sys.argv[1])
    write_export(labels, format=FORMATS["sft"], directory=target, name="spring", facts={})
except OSError as error:
    print(error.strerror)
"""


@pytest.mark.parametrize("room", [0, 200_000])
def test_a_full_disk_leaves_no_trace(tmp_path: Path, example_of: ExampleOf, room: int) -> None:
    before = _bytes(_write([example_of(DEMONSTRATION)], tmp_path).directory)
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path), str(room)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own code
    assert ended.stdout == "File too large\n"
    assert [path.name for path in tmp_path.iterdir()] == ["spring"]
    assert _bytes(tmp_path / "spring") == before


@every_format
def test_an_empty_export_has_valid_files_and_says_that_it_is_empty(
    tmp_path: Path, load: Load, shape: Format
) -> None:
    written = _write([], tmp_path / "out", shape.name)
    assert (written.row_count, written.skipped) == (0, {})
    assert (written.directory / "data.jsonl").read_bytes() == b""
    table = pq.read_table(written.directory / "data.parquet")
    assert table.column_names == [column.name for column in shape.columns]
    assert table.num_rows == 0
    streamed = load(str(written.directory), streaming=True)
    assert list(streamed) == []
    assert list(streamed.features) == table.column_names
    assert "This export holds **no rows**" in (written.directory / "README.md").read_text()


def test_an_empty_training_export_has_the_schema_of_a_full_one(
    tmp_path: Path, example_of: ExampleOf
) -> None:
    full = _write([example_of(COMPARISON)], tmp_path, "preference", "full").directory
    empty = _write([example_of(DEMONSTRATION)], tmp_path, "preference", "empty").directory
    schemas: list[pa.Schema] = [pq.read_schema(one / "data.parquet") for one in (full, empty)]
    assert schemas[0].equals(schemas[1])


def test_a_preference_export_can_be_imported_again(tmp_path: Path, example_of: ExampleOf) -> None:
    written = _write([example_of(COMPARISON)], tmp_path, "preference")
    path = written.directory / "data.jsonl"
    (item,) = read_items(path, ColumnMapping(), COMPARISON, COMPARISON.settings())
    assert isinstance(item, ImportedItem)
    example = COMPARISON.example.content
    assert item.content.prompt == example.prompt
    assert item.content.candidates == example.candidates[::-1]


@pytest.mark.parametrize("name", ["", ".", "..", ".hidden", "a/b", "/a", "a\0b", "a\nb", "x" * 201])
def test_a_name_that_names_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadExportNameError):
        _write([], tmp_path / "out", name=name)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["my jokes", "Größe 2: 'x'", "x" * 200, "a.b-c_d"])
def test_other_names_are_fine(tmp_path: Path, name: str) -> None:
    assert _write([], tmp_path, name=name).directory.name == name


def test_an_empty_folder_may_become_an_export(tmp_path: Path) -> None:
    (tmp_path / "spring").mkdir()
    assert (_write([], tmp_path).directory / "manifest.json").is_file()


def _make_folder(path: Path) -> None:
    path.mkdir()
    (path / "thesis.txt").touch()


def _make_link(path: Path) -> None:
    (path.parent / "elsewhere").mkdir()
    path.symlink_to("elsewhere")


@pytest.mark.parametrize("make", [_make_folder, Path.touch, _make_link])
def test_what_is_not_an_export_is_never_replaced(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "spring")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ExportNameTakenError) as caught:
        _write([], tmp_path)
    assert isinstance(caught.value, BotError)
    assert sorted(tmp_path.rglob("*")) == before


def test_memory_does_not_grow_with_the_labels(tmp_path: Path, example_of: ExampleOf) -> None:
    example = replace(example_of(COMPARISON), meta={"note": "x" * 500})
    _write([example], tmp_path, name="warm")  # what is imported once does not count
    tracemalloc.start()
    written = _write((example for _ in range(20_000)), tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    size = sum(file.size for file in written.files if file.name == "data.jsonl")
    assert size > 20_000_000
    assert peak < 14_000_000


def test_others_may_read_the_folder_as_far_as_the_umask_allows(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    written = _write([], tmp_path)
    assert written.directory.stat().st_mode == (tmp_path / "plain").stat().st_mode
