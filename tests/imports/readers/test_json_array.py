"""JSON arrays: streamed, with line numbers, at the top of a file or inside an object."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports.readers import read_rows
from bot.imports.row import InvalidRow, Row, UnreadableFileError

FileOf = Callable[[str, str | bytes], Path]

ROWS = [{"id": 1, "text": "a"}, {"id": 2, "text": "b]}"}]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", ["rows.json", "rows.jsonl"])
def test_array_of_objects_is_read(file_of: FileOf, name: str, indent: int | None) -> None:
    rows = list(read_rows(file_of(name, json.dumps(ROWS, indent=indent))))
    assert [row.fields for row in rows if isinstance(row, Row)] == ROWS
    assert [row.line for row in rows] == ([1, 1] if indent is None else [2, 6])


@pytest.mark.parametrize("indent", [None, 2])
def test_array_inside_an_object_is_read(file_of: FileOf, indent: int | None) -> None:
    path = file_of("rows.json", json.dumps({"version": [1], "data": ROWS, "n": 2}, indent=indent))
    assert [row.fields for row in read_rows(path) if isinstance(row, Row)] == ROWS


@pytest.mark.parametrize(
    "content",
    ["\n".join(map(json.dumps, ROWS)), "\n".join(json.dumps(row, indent=1) for row in ROWS)],
)
def test_objects_one_after_another_are_read(file_of: FileOf, content: str) -> None:
    rows = read_rows(file_of("rows.json", content))
    assert [row.fields for row in rows if isinstance(row, Row)] == ROWS


def test_unusable_elements_are_reported(file_of: FileOf) -> None:
    path = file_of("rows.json", '[{"a": 1},\n{"a": 1, "a": 2},\n5,\n{"a": NaN}, {"a": 3}]')
    assert list(read_rows(path)) == [
        Row(1, {"a": 1}),
        InvalidRow(2, "the key “a” occurs twice"),
        InvalidRow(3, "the row must be an object, not a number"),
        InvalidRow(4, "NaN is not a JSON number"),
        Row(4, {"a": 3}),
    ]


@pytest.mark.parametrize("content", ["[]", "[ ]", ""])
def test_empty_array_has_no_rows(file_of: FileOf, content: str) -> None:
    assert list(read_rows(file_of("rows.json", content))) == []


def test_broken_array_is_rejected(file_of: FileOf) -> None:
    path = file_of("rows.json", '[{"a": 1},\n{"a": }]')
    with pytest.raises(UnreadableFileError, match="in the object at line 2, invalid JSON"):
        list(read_rows(path))


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(), max_size=3), max_size=5))
def test_any_array_reads_back_equal(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("json") / "rows.json"
    clean = [{k.replace("\0", ""): v.replace("\0", "") for k, v in row.items()} for row in rows]
    path.write_text(json.dumps(clean, ensure_ascii=False).encode(errors="replace").decode())
    expected = json.loads(path.read_text())
    assert [row.fields for row in read_rows(path) if isinstance(row, Row)] == expected


def test_memory_does_not_grow_with_the_array(file_of: FileOf) -> None:
    path = file_of("rows.json", json.dumps([{"text": "é" * 4_000}] * 2_000, ensure_ascii=False))
    tracemalloc.start()
    assert sum(1 for _ in read_rows(path)) == 2_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert path.stat().st_size > 15_000_000
    assert peak < 5_000_000
