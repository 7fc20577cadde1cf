"""Every data file loads as it is, and all of them say the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import datasets
import orjson
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.exports.files import WRITERS, writer_of
from bot.exports.formats import FORMATS
from bot.exports.formats.format import Column, Format
from bot.exports.label_record import LabelRecord
from bot.exports.spool import spool_rows
from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.kinds.label import Rating
from bot.kinds.rating import RATING

ExampleOf = Callable[[Kind[Any]], LabelRecord]
Load = Callable[..., datasets.Dataset]

LOADERS = {"jsonl": "json", "parquet": "parquet"}


def _written(labels: list[LabelRecord], shape: Format, folder: Path) -> dict[str, Path]:
    spooled = spool_rows(labels, shape, folder / "spool")
    paths = {ending: folder / f"data.{ending}" for ending in WRITERS}
    for ending, path in paths.items():
        writer_of(ending)(folder / "spool", spooled.columns, path)
    return paths


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("shape", FORMATS.values(), ids=list(FORMATS))
def test_datasets_loads_every_format_in_every_file_with_the_same_rows(
    tmp_path: Path, example_of: ExampleOf, load: Load, shape: Format, ending: str
) -> None:
    labels = [example_of(kind) for kind in KINDS.values()]
    path = _written(labels, shape, tmp_path)[ending]
    rows = [orjson.loads(line) for line in (tmp_path / "spool").read_bytes().splitlines()]
    assert rows
    assert load(LOADERS[ending], data_files=str(path)).to_list() == rows


@pytest.mark.parametrize("ending", WRITERS)
def test_criteria_may_differ_from_row_to_row(
    tmp_path: Path, example_of: ExampleOf, load: Load, ending: str
) -> None:
    example = example_of(RATING)
    assert isinstance(example.label, Rating)
    other = replace(example, label=replace(example.label, scores=(("tone", 1), ("humor", 2))))
    path = _written([example, other], FORMATS["rating"], tmp_path)[ending]
    scores = load(LOADERS[ending], data_files=str(path))["scores"][:]
    given = [{key: point for key, point in row.items() if point is not None} for row in scores]
    assert given == [{"relevance": 5, "humor": 4, "clarity": 3}, {"humor": 2, "tone": 1}]


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=40)
@given(values=st.lists(st.tuples(_texts, _texts), min_size=1, max_size=4))
def test_any_text_comes_back_from_every_file(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("texts")
    rows = [{"content": [{"role": "user", "content": a}], "item": b} for a, b in values]
    (folder / "spool").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    columns = (Column("content", "messages", ""), Column("item", "text", ""))
    for ending in WRITERS:
        writer_of(ending)(folder / "spool", columns, folder / ending)
    assert pq.read_table(folder / "parquet").to_pylist() == rows
    assert [orjson.loads(line) for line in (folder / "jsonl").read_bytes().splitlines()] == rows


def test_parquet_is_written_in_batches_of_whole_rows(tmp_path: Path) -> None:
    text = "x" * 1_000_000
    rows = [{"item": f"{number}{text}"} for number in range(10)]
    (tmp_path / "spool").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    writer_of("parquet")(tmp_path / "spool", (Column("item", "text", ""),), tmp_path / "data")
    assert pq.ParquetFile(tmp_path / "data").num_row_groups > 1
    assert pq.read_table(tmp_path / "data").to_pylist() == rows


def test_a_row_that_does_not_fit_its_columns_is_an_error_not_a_loss(tmp_path: Path) -> None:
    (tmp_path / "spool").write_bytes(b'{"item": "a", "more": 1}\n')
    with pytest.raises(ValueError, match="unexpected field"):
        writer_of("parquet")(tmp_path / "spool", (Column("item", "text", ""),), tmp_path / "data")


def test_pyarrow_is_not_imported_before_a_parquet_file_is_written() -> None:
    code = (
        "import sys, bot.exports.export_folder\n"
        "assert 'pyarrow' not in sys.modules\n"
        "bot.exports.files.writer_of('jsonl')\n"
        "assert 'pyarrow' not in sys.modules\n"
        "bot.exports.files.writer_of('parquet')\n"
        "assert 'pyarrow' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own code
