"""Export folders: loadable, reproducible, and written completely or not at all."""

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
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bot.errors import BotError
from bot.exports.export_folder import (
    BadExportNameError,
    ExportNameTakenError,
    ExportResult,
    FolderContent,
    write_export,
)
from bot.exports.formats import DATASET, FORMATS
from bot.exports.formats.format import DATA_FILES, Format, FormatFile, LeftOutLabel
from bot.exports.label_record import LabelRecord
from bot.exports.splits import parse_splits
from bot.exports.tables import ExportTable
from bot.imports.item_reader import read_items
from bot.imports.mapping import ColumnMapping
from bot.imports.read_item import ImportedItem
from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.content import ConversationTurn
from bot.kinds.demonstration import DEMONSTRATION

ExampleOf = Callable[[Kind[Any]], LabelRecord]
Load = Callable[..., datasets.Dataset]

every_format = pytest.mark.parametrize("export_format", FORMATS.values(), ids=list(FORMATS))

LOADABLE = {name: one for name, one in FORMATS.items() if one.files == DATA_FILES}
every_loadable_format = pytest.mark.parametrize(
    "export_format", LOADABLE.values(), ids=list(LOADABLE)
)


def _write(
    labels: Iterable[LabelRecord],
    directory: Path,
    export_format: str = "annotations",
    name: str = "spring",
) -> ExportResult:
    return _write_tables([ExportTable(FORMATS[export_format], labels)], directory, name)


def _write_tables(
    tables: list[ExportTable], directory: Path, name: str = "spring", splits: str = ""
) -> ExportResult:
    format_name = tables[0].format.name if len(tables) == 1 else DATASET
    metadata = {"campaign": "spring", "experts": 3}
    content = FolderContent(name, format_name, tables, metadata, parse_splits(splits))
    return write_export(content, directory)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@every_loadable_format
def test_folder_loads_with_its_column_types(
    tmp_path: Path, example_of: ExampleOf, load: Load, export_format: Format
) -> None:
    labels = [example_of(kind) for kind in KINDS.values()]
    result = _write(labels, tmp_path / "out", export_format.name)
    lines = (result.directory / "data.jsonl").read_bytes().splitlines()
    rows = [json.loads(line) for line in lines]
    loaded = load(str(result.directory))
    assert loaded.to_list() == rows
    if not export_format.flattened:
        assert loaded.column_names == [column.name for column in export_format.columns]
    converted = [export_format.to_rows(label) for label in labels]
    included = [rows for rows in converted if not isinstance(rows, LeftOutLabel)]
    assert len(rows) == result.row_count == sum(map(len, included))
    assert len(labels) - len(included) == sum(result.left_out.values())
    schema = pq.read_schema(result.directory / "data.parquet")
    assert loaded.features == datasets.Features.from_arrow_schema(schema)


def test_manifest_matches_the_files(tmp_path: Path, example_of: ExampleOf) -> None:
    labels = [example_of(kind) for kind in KINDS.values()]
    result = _write(labels, tmp_path, "preference")
    manifest = json.loads((result.directory / "manifest.json").read_text())
    assert manifest["format"] == "preference"
    assert manifest["name"] == "spring"
    assert manifest["rows"] == 6
    assert manifest["left_out"] == {"rating without another response to compare": 1}
    assert manifest["splits"] == {"train": 6}
    assert manifest["metadata"] == {"campaign": "spring", "experts": 3}
    assert [column["name"] for column in manifest["columns"]] == [
        column.name for column in FORMATS["preference"].columns
    ]
    for file in manifest["files"]:
        data = (result.directory / file["name"]).read_bytes()
        assert (file["size"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    names = {path.name for path in result.directory.iterdir()}
    assert names == {
        *("data.jsonl", "data.parquet", "manifest.json", "README.md", "croissant.json")
    }


@every_format
def test_same_labels_give_the_same_bytes(
    tmp_path: Path, example_of: ExampleOf, export_format: Format
) -> None:
    labels = [example_of(kind) for kind in KINDS.values()] * 50
    first = _write(labels, tmp_path / "first", export_format.name)
    second = _write(iter(labels), tmp_path / "second", export_format.name)
    assert _bytes(first.directory) == _bytes(second.directory)


def test_format_chooses_its_files_and_documents(tmp_path: Path, example_of: ExampleOf) -> None:
    export_format = replace(
        FORMATS["sft"],
        files=(
            FormatFile("train.jsonl", "jsonl", ("prompt", "completion")),
            FormatFile("ids.jsonl", "jsonl", ("item", "expert")),
            FormatFile("all.json", "json"),
        ),
        documents=lambda files: {"names.json": orjson.dumps(files.names)},
        loading="Load `train.jsonl`.",
    )
    example = example_of(DEMONSTRATION)
    result = _write_tables([ExportTable(export_format, [example, example])], tmp_path)
    folder = result.directory
    names = ["train.jsonl", "ids.jsonl", "all.json", "names.json"]
    assert [file.name for file in result.files] == [*names, "README.md"]
    assert {path.name for path in folder.iterdir()} == {*names, "README.md", "manifest.json"}
    rows = json.loads((folder / "all.json").read_text())
    assert len(rows) == 2
    for name, columns in (("train", ["prompt", "completion"]), ("ids", ["item", "expert"])):
        lines = (folder / f"{name}.jsonl").read_text().splitlines()
        assert [json.loads(line) for line in lines] == [
            {column: row[column] for column in columns} for row in rows
        ]
    card = (folder / "README.md").read_text()
    assert "Load `train.jsonl`." in card
    assert "load_dataset" not in card


def _prompts(labels: list[LabelRecord], count: int) -> list[LabelRecord]:
    """Return the labels once for each of some prompts."""
    return [
        replace(label, label=replace(label.label, prompt=(ConversationTurn("user", f"Q{number}"),)))
        for number in range(count)
        for label in labels
    ]


def test_splits_load_and_keep_all_rows_of_a_prompt_together(
    tmp_path: Path, example_of: ExampleOf, load: Load
) -> None:
    labels = _prompts([example_of(COMPARISON)] * 2, 60)
    table = ExportTable(FORMATS["preference"], labels)
    result = _write_tables([table], tmp_path / "out", splits="validation=0.2,test=0.3")
    loaded = {name: load(str(result.directory), split=name) for name in result.splits}
    assert {name: len(rows) for name, rows in loaded.items()} == result.splits
    assert sum(result.splits.values()) == len(labels)
    prompts = [{row["prompt"][0]["content"] for row in rows} for rows in loaded.values()]
    assert sum(map(len, prompts)) == 60
    lines = (result.directory / "test.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == loaded["test"].to_list()


def test_split_without_rows_has_no_file(tmp_path: Path, example_of: ExampleOf, load: Load) -> None:
    labels = _prompts([example_of(COMPARISON)], 1)
    table = ExportTable(FORMATS["preference"], labels)
    result = _write_tables([table], tmp_path / "out", splits="test=0.0001")
    assert result.splits == {"train": 1, "test": 0}
    assert {path.name for path in result.directory.iterdir()} == {
        *("train.jsonl", "train.parquet", "README.md", "manifest.json", "croissant.json")
    }
    assert len(load(str(result.directory))) == 1


@pytest.mark.parametrize("splits", ["", "test=0.5"])
def test_each_format_of_a_folder_loads_as_a_configuration(
    tmp_path: Path, example_of: ExampleOf, load: Load, splits: str
) -> None:
    names = ["preference", "sft", "annotations"]
    labels = _prompts([example_of(COMPARISON)], 20)
    tables = [ExportTable(FORMATS[name], labels) for name in names]
    result = _write_tables(tables, tmp_path / "out", splits=splits)
    assert list(result.configs) == names
    assert result.configs["sft"].row_count == 0
    assert not (result.directory / "sft").exists()
    for name in ("preference", "annotations"):
        for split, count in result.configs[name].splits.items():
            rows = load(str(result.directory), name, split=split)
            assert len(rows) == count
            assert rows.column_names == [column.name for column in FORMATS[name].columns]
    assert load(str(result.directory)).column_names[1] == "chosen"
    assert (result.row_count, result.answers, result.left_out) == (40, 20, {})
    manifest = json.loads((result.directory / "manifest.json").read_text())
    assert manifest["format"] == "dataset"
    assert {name: config["rows"] for name, config in manifest["configs"].items()} == {
        "preference": 20,
        "sft": 0,
        "annotations": 20,
    }
    for file in manifest["files"]:
        data = (result.directory / file["name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == file["sha256"]


def test_imported_licenses_and_sources_are_in_the_card(
    tmp_path: Path, example_of: ExampleOf
) -> None:
    example = example_of(DEMONSTRATION)
    labels = [replace(example, meta={"license": "MIT", "source": f"s{n}"}) for n in range(30)]
    result = _write_tables([ExportTable(FORMATS["sft"], labels)], tmp_path)
    card = (result.directory / "README.md").read_text()
    assert "\nlicense: mit\n" in card
    assert "| license: MIT | 30 |" in card
    assert "| source: s19 | 1 |\n| source: other values | 10 |" in card


def test_new_export_replaces_the_old_one_only_when_complete(
    tmp_path: Path, example_of: ExampleOf
) -> None:
    example = example_of(DEMONSTRATION)
    before = _bytes(_write([example], tmp_path).directory)

    def labels() -> Iterator[LabelRecord]:
        for number in range(1_000):
            assert _bytes(tmp_path / "spring") == before
            yield replace(example, item_key=str(number))

    result = _write(labels(), tmp_path)
    assert result.row_count == 1_000
    assert _bytes(tmp_path / "spring") != before
    assert [path.name for path in tmp_path.iterdir()] == ["spring"]


@pytest.mark.parametrize("earlier", [False, True])
def test_failure_while_reading_labels_leaves_no_trace(
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
from bot.exports.label_record import LabelRecord
from bot.exports.export_folder import FolderContent, write_export
from bot.exports.tables import ExportTable
from bot.kinds.demonstration import DEMONSTRATION

label = DEMONSTRATION.example.label
moment = datetime(2026, 3, 1, tzinfo=UTC)
labels = [
    LabelRecord(label, str(number), "c", "demonstration", "e", moment, 1, 1, {})
    for number in range(9000)
]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    target = Path(sys.argv[1])
    table = ExportTable(FORMATS["sft"], labels)
    write_export(FolderContent("spring", "sft", [table], {}), target)
except OSError as error:
    print(error.strerror)
"""


@pytest.mark.parametrize("max_bytes", [0, 200_000])
def test_full_disk_leaves_no_trace(tmp_path: Path, example_of: ExampleOf, max_bytes: int) -> None:
    before = _bytes(_write([example_of(DEMONSTRATION)], tmp_path).directory)
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path), str(max_bytes)]
    finished = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own code
    assert finished.stdout == "File too large\n"
    assert [path.name for path in tmp_path.iterdir()] == ["spring"]
    assert _bytes(tmp_path / "spring") == before


@every_loadable_format
def test_empty_export_has_valid_files(tmp_path: Path, load: Load, export_format: Format) -> None:
    result = _write([], tmp_path / "out", export_format.name)
    assert (result.row_count, result.left_out) == (0, {})
    assert (result.directory / "data.jsonl").read_bytes() == b""
    table = pq.read_table(result.directory / "data.parquet")
    flattened = export_format.flattened
    names = [column.name for column in export_format.columns if column.name != flattened]
    assert table.column_names == names
    assert table.num_rows == 0
    streamed = load(str(result.directory), streaming=True)
    assert list(streamed) == []
    assert list(streamed.features) == table.column_names
    assert "This export has **no rows**" in (result.directory / "README.md").read_text()


def test_empty_export_has_the_schema_of_a_full_one(tmp_path: Path, example_of: ExampleOf) -> None:
    full = _write([example_of(COMPARISON)], tmp_path, "preference", "full").directory
    empty = _write([example_of(DEMONSTRATION)], tmp_path, "preference", "empty").directory
    schemas: list[pa.Schema] = [pq.read_schema(path / "data.parquet") for path in (full, empty)]
    assert schemas[0].equals(schemas[1])


def test_preference_export_can_be_imported(tmp_path: Path, example_of: ExampleOf) -> None:
    result = _write([example_of(COMPARISON)], tmp_path, "preference")
    path = result.directory / "data.jsonl"
    (item,) = read_items(path, ColumnMapping(), COMPARISON, COMPARISON.settings())
    assert isinstance(item, ImportedItem)
    example = COMPARISON.example.content
    assert item.content.prompt == example.prompt
    assert item.content.candidates == example.candidates[::-1]


@pytest.mark.parametrize("name", ["", ".", "..", ".hidden", "a/b", "/a", "a\0b", "a\nb", "x" * 201])
def test_invalid_folder_name_is_rejected(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadExportNameError):
        _write([], tmp_path / "out", name=name)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["my jokes", "Größe 2: 'x'", "x" * 200, "a.b-c_d"])
def test_valid_folder_name_is_accepted(tmp_path: Path, name: str) -> None:
    assert _write([], tmp_path, name=name).directory.name == name


def test_empty_folder_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "spring").mkdir()
    assert (_write([], tmp_path).directory / "manifest.json").is_file()


def _make_folder(path: Path) -> None:
    path.mkdir()
    (path / "thesis.txt").touch()


def _make_link(path: Path) -> None:
    (path.parent / "elsewhere").mkdir()
    path.symlink_to("elsewhere")


@pytest.mark.parametrize("make", [_make_folder, Path.touch, _make_link])
def test_other_files_are_never_replaced(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "spring")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ExportNameTakenError) as caught:
        _write([], tmp_path)
    assert isinstance(caught.value, BotError)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.slow
def test_memory_does_not_grow_with_the_labels(tmp_path: Path, example_of: ExampleOf) -> None:
    example = replace(example_of(COMPARISON), meta={"note": "x" * 500})
    _write([example], tmp_path, name="warm-up")  # one-time imports do not count
    tracemalloc.start()
    result = _write((example for _ in range(20_000)), tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    size = sum(file.size for file in result.files if file.name == "data.jsonl")
    assert size > 20_000_000
    assert peak < 14_000_000


def test_folder_permissions_follow_the_umask(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    result = _write([], tmp_path)
    assert result.directory.stat().st_mode == (tmp_path / "plain").stat().st_mode
