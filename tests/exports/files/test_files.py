"""Data files: each loads unchanged, and all contain the same rows."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import datasets
import orjson
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.exports.files import writer_of
from bot.exports.formats import DATASET_FORMATS, FORMATS
from bot.exports.formats.format import DATA_FILES, Column, ExportRow, Format, LeftOutLabel
from bot.exports.json_lines import dump_line
from bot.exports.label_record import LabelRecord
from bot.exports.spool import spool_rows
from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.kinds.content import Candidate, ConversationTurn
from bot.kinds.label import Demonstration, Label, Preference, Ranking, Rating, Verdict
from bot.kinds.rating import RATING
from bot.kinds.rationale import Rationale

ExampleOf = Callable[[Kind[Any]], LabelRecord]
Load = Callable[..., datasets.Dataset]

LOADERS = {"jsonl": "json", "parquet": "parquet"}

LOADABLE = {name: one for name, one in FORMATS.items() if one.files == DATA_FILES}
"""Formats whose files `datasets` loads; those of the others are read by other programs."""


def _write_files(labels: list[LabelRecord], export_format: Format, folder: Path) -> dict[str, Path]:
    spooled = spool_rows(labels, export_format, folder / "spool")
    paths = {extension: folder / f"data.{extension}" for extension in LOADERS}
    for extension, path in paths.items():
        writer_of(extension)(folder / "spool", spooled.columns, path)
    return paths


@pytest.mark.parametrize("extension", LOADERS)
@pytest.mark.parametrize("export_format", LOADABLE.values(), ids=list(LOADABLE))
def test_datasets_loads_every_format_from_every_file_type(
    tmp_path: Path, example_of: ExampleOf, load: Load, export_format: Format, extension: str
) -> None:
    labels = [example_of(kind) for kind in KINDS.values()]
    path = _write_files(labels, export_format, tmp_path)[extension]
    rows = [orjson.loads(line) for line in (tmp_path / "spool").read_bytes().splitlines()]
    assert rows
    assert load(LOADERS[extension], data_files=str(path)).to_list() == rows


@pytest.mark.parametrize("extension", LOADERS)
def test_criteria_may_differ_between_rows(
    tmp_path: Path, example_of: ExampleOf, load: Load, extension: str
) -> None:
    example = example_of(RATING)
    assert isinstance(example.label, Rating)
    other = replace(example, label=replace(example.label, scores=(("tone", 1), ("humor", 2))))
    path = _write_files([example, other], FORMATS["rating"], tmp_path)[extension]
    scores = load(LOADERS[extension], data_files=str(path))["scores"][:]
    present = [{key: score for key, score in row.items() if score is not None} for row in scores]
    assert present == [{"relevance": 5, "humor": 4, "clarity": 3}, {"humor": 2, "tone": 1}]


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=40)
@given(values=st.lists(st.tuples(_texts, _texts), min_size=1, max_size=4))
def test_any_text_round_trips_through_every_file_type(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("texts")
    rows = [{"content": [{"role": "user", "content": text}], "item": key} for text, key in values]
    (folder / "spool").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    columns = (Column("content", "messages", ""), Column("item", "text", ""))
    for extension in ("json", *LOADERS):
        writer_of(extension)(folder / "spool", columns, folder / extension)
    assert orjson.loads((folder / "json").read_bytes()) == rows
    assert pq.read_table(folder / "parquet").to_pylist() == rows
    assert [orjson.loads(line) for line in (folder / "jsonl").read_bytes().splitlines()] == rows


DATE_LIKE = st.sampled_from(["2026-03-02", "12:30", "1e5", "NaN", "null", "007", "=1+1", "true"])

LABELS: dict[type[Label], Callable[[str, str], Label]] = {
    Demonstration: lambda a, b: Demonstration(_asks(a), f"{a}.", f"{b}!"),
    Preference: lambda a, b: Preference(
        _asks(a), Candidate(f"{a}."), Candidate(f"{b}!"), "left", None
    ),
    Rating: lambda a, b: Rating(_asks(a), Candidate(f"{a}.", b), (("tone", 2.0),)),
    Ranking: lambda a, b: Ranking(_asks(a), (Candidate(f"{a}."), Candidate(f"{b}!")), (1, 2)),
    Verdict: lambda a, b: Verdict(_asks(a), Candidate(f"{a}."), "corrected", f"{b}!"),
}
"""A label of each type with two texts."""


def _asks(text: str) -> tuple[ConversationTurn, ...]:
    return (ConversationTurn("user", text),)


@pytest.mark.parametrize("name", DATASET_FORMATS)
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(st.tuples(_texts | DATE_LIKE, _texts | DATE_LIKE), min_size=1, max_size=3))
def test_every_text_reads_back_equal_from_every_format(
    tmp_path_factory: pytest.TempPathFactory,
    example_of: ExampleOf,
    name: str,
    texts: list[tuple[str, str]],
) -> None:
    export_format, record = FORMATS[name], example_of(RATING)
    make = LABELS[export_format.label_types[0]]
    labels = [
        replace(record, label=make(*pair), item_key=pair[0], rationale=Rationale(pair[1] or None))
        for pair in texts
    ]
    rows = [row for label in labels for row in _checked_rows(export_format, label)]
    paths = _write_files(labels, export_format, tmp_path_factory.mktemp("texts"))
    assert pq.read_table(paths["parquet"]).to_pylist() == rows
    lines = paths["jsonl"].read_bytes().decode().splitlines()
    assert [orjson.loads(line) for line in lines] == rows


def _checked_rows(export_format: Format, label: LabelRecord) -> Sequence[ExportRow]:
    rows = export_format.rows_of(label)
    assert not isinstance(rows, LeftOutLabel), rows
    return rows


@settings(max_examples=60)
@given(values=st.lists(st.tuples(_texts, _texts), min_size=1, max_size=4))
@example(values=[("\x85\u2028\u2029\x0b\x0c\x1c\x1d\x1e\r\n", "\u2028")])
def test_rows_are_lines_for_every_way_to_split_lines(values: list[tuple[str, str]]) -> None:
    rows: list[ExportRow] = [
        {"content": [{"role": "user", "content": text}], "item": key} for text, key in values
    ]
    text = b"".join(map(dump_line, rows)).decode()
    assert [orjson.loads(line) for line in text.splitlines()] == rows


def test_array_without_rows_is_empty(tmp_path: Path) -> None:
    (tmp_path / "spool").touch()
    writer_of("json")(tmp_path / "spool", (), tmp_path / "data.json")
    assert orjson.loads((tmp_path / "data.json").read_bytes()) == []


def test_one_message_has_its_keys_as_columns(tmp_path: Path) -> None:
    message = {"role": "assistant", "content": "\u2028", "reasoning": "So."}
    (tmp_path / "spool").write_bytes(dump_line({"chosen": message}))
    columns = (Column("chosen", "message", "", message_keys=("reasoning",)),)
    writer_of("parquet")(tmp_path / "spool", columns, tmp_path / "data")
    assert pq.read_table(tmp_path / "data").to_pylist() == [{"chosen": message}]


def test_parquet_row_groups_contain_whole_rows(tmp_path: Path) -> None:
    text = "x" * 1_000_000
    rows = [{"item": f"{number}{text}"} for number in range(10)]
    (tmp_path / "spool").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    writer_of("parquet")(tmp_path / "spool", (Column("item", "text", ""),), tmp_path / "data")
    assert pq.ParquetFile(tmp_path / "data").num_row_groups > 1
    assert pq.read_table(tmp_path / "data").to_pylist() == rows


def test_row_with_an_unknown_column_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "spool").write_bytes(b'{"item": "a", "more": 1}\n')
    with pytest.raises(ValueError, match="unexpected field"):
        writer_of("parquet")(tmp_path / "spool", (Column("item", "text", ""),), tmp_path / "data")


def test_pyarrow_is_imported_only_to_write_parquet() -> None:
    code = (
        "import sys, bot.exports.export_folder\n"
        "assert 'pyarrow' not in sys.modules\n"
        "bot.exports.files.writer_of('jsonl')\n"
        "assert 'pyarrow' not in sys.modules\n"
        "bot.exports.files.writer_of('parquet')\n"
        "assert 'pyarrow' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own code
