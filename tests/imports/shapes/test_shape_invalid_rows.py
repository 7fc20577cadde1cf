"""Rows of known shapes that have no item, and the reasons that are reported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.imports.read_item import ImportedItem, ReadItem
from bot.imports.row import InvalidRow, RowWarning
from tests.imports.shapes.rows import Row, assistant, read, user
from tests.imports.shapes.samples import HUMAN


def test_rows_without_a_field_of_the_shape_are_reported(tmp_path: Path) -> None:
    full = {"chosen": f"{HUMAN}A", "rejected": f"{HUMAN}B"}
    unfinished = {"chosen": f"{HUMAN}C", "rejected": HUMAN.strip()}
    without = {"chosen": f"{HUMAN}A", "rejected": None}
    first, second, third, fourth = read(
        tmp_path, "comparison", [full, unfinished, without, {**full, "chosen": f"{HUMAN}D"}]
    )
    assert isinstance(first, ImportedItem)
    assert second == InvalidRow(2, "candidate 2 is a dialogue without a response at its end")
    assert third == InvalidRow(3, "the column “rejected” is missing or empty")
    assert isinstance(fourth, ImportedItem)


EMPTY_TURNS: list[tuple[Row, str]] = [
    ({"response_b": [None]}, "turn 1 of “response_b” is empty"),
    ({"response_b": [" \n"]}, "turn 1 of “response_b” is empty"),
    ({"prompt": ["Q", None], "response_a": ["A", "A"]}, "turn 2 of “prompt” is empty"),
    ({"response_a": None}, "the column “response_a” is missing or empty"),
    ({"response_a": []}, "the column “response_a” is missing or empty"),
    ({"prompt": None}, "the column “prompt” is missing or empty"),
]


@pytest.mark.parametrize(("change", "reason"), EMPTY_TURNS)
@pytest.mark.parametrize("extension", ["jsonl", "csv"])
def test_arena_row_with_an_empty_turn_is_reported(
    tmp_path: Path, extension: str, change: Row, reason: str
) -> None:
    full: dict[str, Any] = {"prompt": ["Q"], "response_a": ["A"], "response_b": ["B"]}
    rows = [{"model_a": "m", "model_b": "n", **full, **more} for more in ({}, change)]
    if extension == "csv":
        rows = [{name: as_cell(value) for name, value in row.items()} for row in rows]
    first, second = read(tmp_path, "comparison", rows, extension)
    assert isinstance(first, ImportedItem)
    assert isinstance(second, InvalidRow)
    assert second.reason == reason


def as_cell(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value) if value is not None else ""


BLANK_ROWS: dict[str, tuple[str, str, Row]] = {
    "hh": ("comparison", "chosen", {"chosen": f"{HUMAN}A", "rejected": f"{HUMAN}B"}),
    "shp": (
        "comparison",
        "human_ref_A",
        {"history": "Q", "human_ref_A": "A", "human_ref_B": "B"},
    ),
    "saferlhf": (
        "comparison",
        "response_0",
        {"prompt": "Q", "response_0": "A", "response_1": "B"},
    ),
    "helpsteer": (
        "comparison",
        "response1",
        {"context": [user("Q")], "response1": "A", "response2": "B"},
    ),
    "alpaca": ("curation", "output", {"instruction": "Q", "input": "", "output": "A"}),
    "trl": ("comparison", "chosen", {"prompt": "Q", "chosen": "A", "rejected": "B"}),
    "openai": (
        "comparison",
        "preferred_output",
        {
            "input": {"messages": [user("Q")]},
            "preferred_output": [assistant("A")],
            "non_preferred_output": [assistant("B")],
        },
    ),
    "distilabel": ("comparison", "generations", {"instruction": "Q", "generations": ["A", "B"]}),
    "langfuse": ("rating", "output", {"traceId": "t", "input": "Q", "output": "A"}),
    "langsmith": ("rating", "outputs", {"inputs": {"question": "Q"}, "outputs": {"answer": "A"}}),
    "argilla": (
        "comparison",
        "fields",
        {"fields": {"prompt": "Q", "response-1": "A", "response-2": "B"}, "responses": {}},
    ),
    "labelstudio": (
        "comparison",
        "data",
        {"data": {"prompt": "Q", "answer1": "A", "answer2": "B"}, "annotations": []},
    ),
    "sharegpt": (
        "rating",
        "conversations",
        {"conversations": [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "A"}]},
    ),
    "ultrafeedback": (
        "comparison",
        "completions",
        {"instruction": "Q", "completions": [{"response": "A"}, {"response": "B"}]},
    ),
}
"""A row of each shape, its kind, and its column with what is judged."""


@pytest.mark.parametrize("name", BLANK_ROWS)
@pytest.mark.parametrize("blank", [None, "", " \t\n", "\u200b", []])
def test_blank_cell_in_any_shape_rejects_its_row_with_a_reason(
    tmp_path: Path, name: str, blank: object
) -> None:
    kind, column, row = BLANK_ROWS[name]
    rows = [*([{**row, "n": number} for number in range(3)]), {**row, column: blank}]
    *_, last = read(tmp_path, kind, rows)
    assert isinstance(last, InvalidRow), last
    assert last.line == 4


def test_hidden_column_that_may_be_the_prompt_is_warned_about(tmp_path: Path) -> None:
    post = "I found a wallet in the street. Should I keep it?"
    pair = {"summaries": [{"text": "S1"}, {"text": "S2"}]}
    rows: list[Row] = [
        {"details": {"post": post}, **pair},
        {"details": {"post": post}, "summaries": [{"text": "S3"}, {"text": "S4"}]},
    ]
    first, *others = (one for one in read(tmp_path, "comparison", rows) if is_warning(one))
    assert isinstance(first, RowWarning)
    assert "if the column “details” has it, map that column" in first.reason
    assert not others
    joke = {"text": f"{post} Keep the street.", "setup": post}
    assert not [one for one in read(tmp_path, "rating", [joke]) if is_warning(one)]
    prompted = {"prompt": "Q", "info": {"post": post}, **pair}
    assert not [one for one in read(tmp_path, "comparison", [prompted]) if is_warning(one)]


def is_warning(read_item: ReadItem) -> bool:
    return isinstance(read_item, RowWarning)
