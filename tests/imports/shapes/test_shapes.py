"""Shapes: a file in each shape of a public dataset or tool becomes complete items."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.errors import NotFoundError
from bot.imports.item_reader import read_items
from bot.imports.mapping import ColumnMapping
from bot.imports.plan import ImportOptions, plan_import
from bot.imports.read_item import DuplicateRow, ImportedItem, ReadItem
from bot.imports.row import InvalidRow
from bot.kinds import KINDS
from tests.imports.shapes.rows import assistant, user
from tests.imports.shapes.samples import SAMPLES, Sample, oasst

FileOf = Callable[[str, str | bytes], Path]


def _read(path: Path, kind: str, options: ImportOptions) -> list[ReadItem]:
    one = KINDS[kind]
    return list(read_items(path, ColumnMapping(), one, one.settings(), options))


def _check(sample: Sample, read: Sequence[ReadItem]) -> None:
    assert len(read) == 1
    (item,) = read
    assert isinstance(item, ImportedItem), item
    content = item.content
    assert content.prompt_messages() == list(sample.prompt)
    assert [one.as_messages() for one in content.candidates] == list(map(list, sample.candidates))
    if sample.models:
        assert [one.model for one in content.candidates] == list(sample.models)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample.shape}-{sample.kind}")
def test_rows_become_complete_items(file_of: FileOf, sample: Sample) -> None:
    path = file_of("a.jsonl", "".join(json.dumps(row) + "\n" for row in sample.rows))
    read = _read(path, sample.kind, ImportOptions(shape=sample.shape))
    _check(sample, read)
    assert isinstance(read[0], ImportedItem)
    assert read[0].content.meta == sample.meta
    if not sample.named:
        _check(sample, _read(path, sample.kind, ImportOptions()))


@pytest.mark.parametrize(
    "sample",
    [sample for sample in SAMPLES if sample.shape not in ("oasst", "helpsteer")],
    ids=lambda sample: f"{sample.shape}-{sample.kind}",
)
def test_json_in_the_cells_of_a_csv_file_is_read(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(sample.rows[0])
        for row in sample.rows:
            cells = (v if isinstance(v, str) else json.dumps(v) for v in row.values())
            writer.writerow(cells)
    _check(sample, _read(path, sample.kind, ImportOptions(shape=sample.shape)))


def test_unknown_shape_error_lists_known_ones(file_of: FileOf) -> None:
    kind = KINDS["rating"]
    with pytest.raises(NotFoundError, match="Known shapes: labelbot, batch, evals"):
        plan_import(
            file_of("a.jsonl", '{"text": "a"}'), ColumnMapping(), kind, ImportOptions(shape="hhh")
        )


def test_row_without_the_columns_of_a_named_shape_is_invalid(file_of: FileOf) -> None:
    rows = [
        {"history": "Q", "human_ref_A": "A", "human_ref_B": "B"},
        {"history": "Q2", "human_ref_A": "A"},
    ]
    path = file_of("a.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    read = _read(path, "comparison", ImportOptions(shape="shp"))
    assert read[1] == InvalidRow(2, "the column “human_ref_B” is missing or empty")


def test_tree_has_an_item_for_each_prompt_with_replies(file_of: FileOf) -> None:
    rows = [
        oasst("m1", None, "prompter", "Q"),
        oasst("m2", "m1", "assistant", "A"),
        oasst("m3", "m1", "assistant", "B"),
        oasst("m4", "m2", "prompter", "More?"),
        oasst("m5", "m4", "assistant", "C"),
        oasst("m6", "m4", "assistant", "D"),
    ]
    path = file_of("a.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    pairs = _read(path, "comparison", ImportOptions())
    prompts = [item.content.prompt_messages() for item in pairs if isinstance(item, ImportedItem)]
    assert prompts == [[user("Q")], [user("Q"), assistant("A"), user("More?")]]
    assert len(_read(path, "rating", ImportOptions())) == 4
    assert len(_read(path, "demonstration", ImportOptions())) == 2


LONG = [
    {"prompt": "P1", "response": "A", "model": "wren", "score": 1, "source": "x"},
    {"prompt": "P2", "response": "C", "model": "wren", "score": 1, "source": "x"},
    {"prompt": "P1", "response": "B", "model": "heron", "score": 2, "source": "x"},
    {"prompt": "P2", "response": "D", "model": "wren", "score": 1, "source": "x"},
]


def test_rows_of_one_response_each_are_grouped(file_of: FileOf) -> None:
    path = file_of(
        "a.jsonl", "".join(json.dumps(row) + "\n" for row in LONG) + '{"response": "E"}\n'
    )
    first, second, invalid = _read(path, "comparison", ImportOptions(group_by="prompt"))
    assert isinstance(first, ImportedItem)
    assert first.content.prompt_messages() == [user("P1")]
    assert [(one.text, one.model) for one in first.content.candidates] == [
        ("A", "wren"),
        ("B", "heron"),
    ]
    assert first.content.meta == {"score": [1, 2], "source": "x"}
    assert isinstance(second, ImportedItem)
    assert [one.model for one in second.content.candidates] == ["wren", "wren"]
    assert invalid == InvalidRow(5, "the column “prompt” to group by is missing or blank")


@pytest.mark.parametrize(
    ("kind", "header"),
    [
        ("comparison", ["Prompt", "Response A", "Response B", "Model A", "Model B"]),
        ("comparison", ["prompt", "responseA", "responseB", "modelA", "modelB"]),
        (
            "comparison",
            ["userPrompt", "responseA", "responseB", "responseAModel", "responseBModel"],
        ),
        ("comparison", ["prompt", "response-1", "response-2", "generator_1", "generator_2"]),
        ("comparison", ["prompt", "a_response", "b_response", "a_model", "b_model"]),
        (
            "comparison",
            ["question", "response1", "response2", "response1_model", "response2_model"],
        ),
        ("ranking", ["prompt", *(f"Answer {n}" for n in "123"), *(f"model_{n}" for n in "123")]),
    ],
)
def test_headers_are_recognized_in_any_spelling(
    file_of: FileOf, kind: str, header: Sequence[str]
) -> None:
    count = (len(header) - 1) // 2
    values = ["Q", *(f"text {n}" for n in range(count)), *(f"model {n}" for n in range(count))]
    path = file_of("a.csv", f"{','.join(header)}\n{','.join(values)}\n")
    (item,) = _read(path, kind, ImportOptions())
    assert isinstance(item, ImportedItem)
    assert [one.text for one in item.content.candidates] == values[1 : count + 1]
    assert [one.model for one in item.content.candidates] == values[count + 1 :]
    assert not item.content.meta


def test_repeated_items_of_shapes_are_duplicates(file_of: FileOf) -> None:
    row = json.dumps({"history": "Q", "human_ref_A": "A", "human_ref_B": "B"})
    swapped = json.dumps({"history": "Q", "human_ref_A": "B", "human_ref_B": "A"})
    read = _read(file_of("a.jsonl", f"{row}\n{swapped}\n"), "comparison", ImportOptions())
    assert isinstance(read[1], DuplicateRow)
    assert read[1].is_exchanged
