"""Variants of known shapes: other columns, missing and printed values, several turns."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.imports.item_reader import read_items
from bot.imports.mapping import ColumnMapping
from bot.imports.plan import ImportOptions
from bot.imports.read_item import DuplicateRow, ImportedItem, ReadItem
from bot.imports.row import InvalidRow, RowWarning
from bot.kinds import KINDS
from tests.imports.shapes.test_shapes import HUMAN, SCORES, TALK, assistant, oasst, system, user

Row = Mapping[str, Any]

PAIR = [[assistant("A")], [assistant("B")]]
PRINTED = "[{{'content': 'Q', 'role': 'user'}}\n {{'content': '{}', 'role': 'assistant'}}]"
LANGCHAIN = [
    {"type": "human", "data": {"content": "Why is the sky blue?"}},
    {"type": "ai", "data": {"content": "Light."}},
]

VARIANTS: dict[str, tuple[str, Row, Sequence[Row], Sequence[Sequence[Row]]]] = {
    "hh with a source": (
        "comparison",
        {"chosen": f"{HUMAN}A", "rejected": f"{HUMAN}B", "source": "x"},
        TALK,
        PAIR,
    ),
    "trl with a source": (
        "comparison",
        {
            "chosen": [user("Q"), assistant("A")],
            "rejected": [user("Q"), assistant("B")],
            "source": "x",
        },
        [user("Q")],
        PAIR,
    ),
    "trl whose responses are JSON": (
        "comparison",
        {"prompt": "Q", "chosen": '{"a": 1}', "rejected": "[1, 2]"},
        [user("Q")],
        [[assistant('{"a": 1}')], [assistant("[1, 2]")]],
    ),
    "saferlhf whose responses are JSON": (
        "comparison",
        {"prompt": "Q", "response_0": '{"text": "a"}', "response_1": '["b"]'},
        [user("Q")],
        [[assistant('{"text": "a"}')], [assistant('["b"]')]],
    ),
    "helpsteer with a good and a bad edit": (
        "comparison",
        {
            "context": [user("Q")],
            "response": "R",
            "good_edited_response": "A",
            "bad_edited_response": "B",
        },
        [user("Q")],
        PAIR,
    ),
    "ultrafeedback with a system message for each model": (
        "comparison",
        {
            "instruction": "Q",
            "models": ["m", "n"],
            "completions": [
                {"model": "m", "response": "A", "custom_system_prompt": "Be kind."},
                {"model": "n", "response": "B", "custom_system_prompt": "Be brief."},
            ],
        },
        [],
        [
            [system("Be kind."), user("Q"), assistant("A")],
            [system("Be brief."), user("Q"), assistant("B")],
        ],
    ),
    "ultrafeedback with one system message": (
        "comparison",
        {
            "instruction": "Q",
            "models": ["m", "n"],
            "completions": [
                {"model": "m", "response": "A", "custom_system_prompt": "Be kind."},
                {"model": "n", "response": "B", "custom_system_prompt": "Be kind."},
            ],
        },
        [system("Be kind."), user("Q")],
        PAIR,
    ),
    "labelstudio with items to rank": (
        "ranking",
        {
            "id": 1,
            "data": {
                "text": "Q",
                "items": [{"id": letter, "title": "T", "body": letter} for letter in "ABC"],
            },
            "annotations": [],
        },
        [user("Q")],
        [[assistant(letter)] for letter in "ABC"],
    ),
    "langfuse with the argument of a function": (
        "rating",
        {"datasetId": "d", "input": {"args": ["Q"], "kwargs": {}}, "expectedOutput": "A"},
        [user("Q")],
        [[assistant("A")]],
    ),
    "langfuse with arguments of a function": (
        "rating",
        {"datasetId": "d", "input": {"args": [], "kwargs": {"query": "Q"}}, "expectedOutput": "A"},
        [user("Q")],
        [[assistant("A")]],
    ),
    "pairs of an input and an output": (
        "rating",
        {
            "source": "x",
            "conversation": [{"input": "Q", "output": "R"}, {"input": "More?", "output": "A"}],
        },
        [user("Q"), assistant("R"), user("More?")],
        [[assistant("A")]],
    ),
    "pairs of an input and an output to answer": (
        "demonstration",
        {"source": "x", "conversation": [{"input": "Q", "output": "A"}]},
        [user("Q")],
        [],
    ),
    "arena with a full conversation": (
        "comparison",
        {
            "model_a": "m",
            "model_b": "n",
            **{
                f"conversation_{side.lower()}": [
                    {"role": role, "content": [{"type": "text", "text": text, "image": None}]}
                    for role, text in (("user", "Q"), ("assistant", side))
                ]
                for side in "AB"
            },
            "full_conversation": [{"user": {"role": "user"}}],
        },
        [user("Q")],
        PAIR,
    ),
    "hh to rate a transcript": (
        "rating",
        {"transcript": f"{HUMAN}A", "rating": 2.0},
        TALK,
        [[assistant("A")]],
    ),
    "hh to answer": (
        "demonstration",
        {"chosen": f"{HUMAN}A", "rejected": f"{HUMAN}B"},
        TALK,
        [],
    ),
    "sharegpt in items": (
        "rating",
        {"id": "x_0", "items": [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "A"}]},
        [user("Q")],
        [[assistant("A")]],
    ),
    "arena as NumPy prints it": (
        "comparison",
        {
            "question_id": "q",
            "model_a": "m",
            "model_b": "n",
            "conversation_a": PRINTED.format("A"),
            "conversation_b": PRINTED.format("B"),
        },
        [user("Q")],
        PAIR,
    ),
    "arena with content parts": (
        "comparison",
        {
            "model_a": "m",
            "model_b": "n",
            "conversation_a": [
                {"role": "user", "content": [{"type": "text", "text": "Q", "image": None}]},
                {"role": "assistant", "content": [{"type": "text", "text": "A", "image": None}]},
            ],
            "conversation_b": [
                {"role": "user", "content": [{"type": "text", "text": "Q", "image": None}]},
                {"role": "assistant", "content": [{"type": "text", "text": "B", "image": None}]},
            ],
        },
        [user("Q")],
        PAIR,
    ),
    "helpsteer of several turns": (
        "rating",
        {
            "prompt": "Why is the sky blue?\n<extra_id_1>Assistant\nLight.\n"
            "<extra_id_1>User\nMore, please.\n",
            "response": '{"a": 1}',
            **SCORES,
        },
        TALK,
        [[assistant('{"a": 1}')]],
    ),
    "helpsteer edits": (
        "comparison",
        {"context": [user("Q")], "original_response": "A", "edited_response": "B"},
        [user("Q")],
        PAIR,
    ),
    "nectar": (
        "ranking",
        {
            "prompt": "\n\nHuman: Q\n\nAssistant: ",
            "answers": [{"answer": text, "model": text, "rank": 1.0} for text in "ABC"],
        },
        [user("Q")],
        [[assistant(text)] for text in "ABC"],
    ),
    "argilla with a chat": (
        "rating",
        {"id": 1, "fields": {"chat": [user("Q"), assistant("A")]}, "responses": {}},
        [user("Q")],
        [[assistant("A")]],
    ),
    "argilla with a chat and a response": (
        "rating",
        {"id": 1, "fields": {"chat": [user("Q")], "response": "A"}, "suggestions": {}},
        [user("Q")],
        [[assistant("A")]],
    ),
    "labelstudio with responses to order": (
        "ranking",
        {
            "data": {"prompt": "Q", "items": [{"id": n, "body": n, "title": "t"} for n in "ABC"]},
            "annotations": [],
        },
        [user("Q")],
        [[assistant(text)] for text in "ABC"],
    ),
    "labelstudio with a dialogue, not annotated": (
        "rating",
        {
            "data": {
                "dialogue": [{"author": "user", "text": "Q"}, {"author": "assistant", "text": "A"}]
            }
        },
        [user("Q")],
        [[assistant("A")]],
    ),
    "langfuse items to answer": (
        "demonstration",
        {"id": "i", "datasetId": "d", "input": {"question": "Q"}, "expectedOutput": {"a": "A"}},
        [user("Q")],
        [],
    ),
    "langfuse whose response is JSON": (
        "rating",
        {"id": "t", "traceId": "x", "input": "Q", "output": '{"score": 1}'},
        [user("Q")],
        [[assistant('{"score": 1}')]],
    ),
    "langsmith with earlier turns": (
        "rating",
        {
            "inputs": {"system": "S", "input": "More, please.", "chat_history": LANGCHAIN},
            "outputs": {"output": "A"},
        },
        [system("S"), *TALK],
        [[assistant("A")]],
    ),
    "langsmith in columns": (
        "rating",
        {"id": "x", "input_question": "Q", "output_answer": "A"},
        [user("Q")],
        [[assistant("A")]],
    ),
    "openai to answer": (
        "demonstration",
        {"messages": [system("S"), user("Q"), assistant("A")]},
        [system("S"), user("Q")],
        [],
    ),
    "alpaca with two outputs": (
        "comparison",
        {"instruction": "Q", "input": None, "output": ["A", "B"]},
        [user("Q")],
        PAIR,
    ),
    "alpaca whose output is JSON": (
        "rating",
        {"instruction": "Q", "input": "", "output": '{"a": 1}', "history": [], "system": None},
        [user("Q")],
        [[assistant('{"a": 1}')]],
    ),
    "distilabel with one generation": (
        "rating",
        {"instruction": "Q", "generation": "A", "model_name": "m"},
        [user("Q")],
        [[assistant("A")]],
    ),
    "a conversation history": (
        "comparison",
        {"conversation_history": TALK, "chosen": "A", "rejected": "B"},
        TALK,
        PAIR,
    ),
}


def read(folder: Path, kind: str, rows: Sequence[Row], extension: str = "jsonl") -> list[ReadItem]:
    """Import rows from a file."""
    path = folder / f"rows.{extension}"
    with path.open("w", newline="", encoding="utf-8") as file:
        if extension == "csv":
            writer = csv.writer(file)
            writer.writerow(rows[0])
            for row in rows:
                cells = ("" if v is None else v for v in row.values())
                writer.writerow([v if isinstance(v, str) else json.dumps(v) for v in cells])
        else:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    settings = KINDS[kind].settings()
    return list(read_items(path, ColumnMapping(), KINDS[kind], settings, ImportOptions()))


@pytest.mark.parametrize("extension", ["jsonl", "csv"])
@pytest.mark.parametrize("name", list(VARIANTS))
def test_variant_becomes_a_complete_item(tmp_path: Path, name: str, extension: str) -> None:
    kind, row, prompt, candidates = VARIANTS[name]
    (item,) = read(tmp_path, kind, [row], extension)
    assert isinstance(item, ImportedItem), item
    assert item.content.prompt_messages() == list(prompt)
    assert [one.as_messages() for one in item.content.candidates] == list(map(list, candidates))


def test_each_of_several_pairs_of_a_question_gets_its_own_id(tmp_path: Path) -> None:
    rows = [
        {
            "question_id": 81,
            "turn": turn,
            "model_a": model,
            "model_b": "z",
            "conversation_a": [user("Q"), assistant(f"{model} {turn}")],
            "conversation_b": [user("Q"), assistant("Z")],
        }
        for turn, model in ((1, "x"), (2, "x"), (1, "y"), (1, "x"), (1, "y"))
    ]
    first, other_turn, other_pair, *repeated = read(tmp_path, "comparison", rows)
    assert isinstance(first, ImportedItem)
    assert isinstance(other_turn, ImportedItem)
    assert isinstance(other_pair, ImportedItem)
    assert (first.key, other_turn.key) == ("81-1", "81-2")
    assert other_pair.key == other_pair.spare_key == f"81-1-{other_pair.digest.hex()}"
    assert [row.key for row in repeated if isinstance(row, DuplicateRow)] == [
        first.key,
        other_pair.key,
    ]


def test_each_of_several_responses_is_rated(tmp_path: Path) -> None:
    completions = [{"model": model, "response": f"By {model}"} for model in ("wren", "heron")]
    row = {"id": "u1", "instruction": "Q", "completions": completions}
    items = read(tmp_path, "rating", [row])
    assert [
        (one.key, one.content.candidates[0].text, one.content.candidates[0].model)
        for one in items
        if isinstance(one, ImportedItem)
    ] == [("u1-1", "By wren", "wren"), ("u1-2", "By heron", "heron")]


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


def test_deleted_messages_of_a_csv_file_are_left_out(tmp_path: Path) -> None:
    rows = [
        {**oasst("m1", None, "prompter", "Q"), "deleted": "False"},
        {**oasst("m2", "m1", "assistant", "A"), "deleted": "False"},
        {**oasst("m3", "m1", "assistant", "gone"), "deleted": "True"},
        {**oasst("m4", "m1", "assistant", "B"), "deleted": "False"},
    ]
    (item,) = read(
        tmp_path, "comparison", [{k: v or "" for k, v in row.items()} for row in rows], "csv"
    )
    assert isinstance(item, ImportedItem)
    assert [one.text for one in item.content.candidates] == ["A", "B"]


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
