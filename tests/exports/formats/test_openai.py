"""OpenAI: no unknown keys, and the columns about the rows apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.exports.formats.openai import OPENAI_DPO, OPENAI_SFT
from bot.exports.label_record import LabelRecord
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.content import ConversationTurn
from bot.kinds.demonstration import DEMONSTRATION
from tests.exports.folders import write_table

ExampleOf = Callable[[Kind[Any]], LabelRecord]


def lines_of(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of a JSON Lines file."""
    return [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]


def test_line_of_ids_belongs_to_the_same_line_of_the_data(
    example_of: ExampleOf, tmp_path: Path
) -> None:
    labels = [replace(example_of(COMPARISON), item_key=key) for key in ("a", "b")]
    folder = write_table(OPENAI_DPO, labels, tmp_path).directory
    data, ids = lines_of(folder, "data.jsonl"), lines_of(folder, "ids.jsonl")
    assert [list(row) for row in data] == [
        ["input", "preferred_output", "non_preferred_output"]
    ] * 2
    assert [row["item"] for row in ids] == ["a", "b"]
    assert set(ids[0]).isdisjoint(data[0])
    names = {column.name for column in OPENAI_DPO.columns}
    assert set(ids[0]) | set(data[0]) == names


def test_tool_calls_are_objects_and_roles_are_known(example_of: ExampleOf, tmp_path: Path) -> None:
    calls = [{"id": "1", "type": "function", "function": {"name": "find", "arguments": "{}"}}]
    prompt = (
        ConversationTurn("developer", "Be brief."),
        ConversationTurn("user", "Find x."),
        ConversationTurn("assistant", "", {"tool_calls": calls}),
        ConversationTurn("tool", "found", {"tool_call_id": "1"}),
    )
    record = example_of(DEMONSTRATION)
    labels = [replace(record, label=replace(record.label, prompt=prompt))]
    folder = write_table(OPENAI_SFT, labels, tmp_path).directory
    (row,) = lines_of(folder, "data.jsonl")
    assert list(row) == ["messages"]
    assert [message["role"] for message in row["messages"]] == [
        *("system", "user", "assistant", "tool", "assistant"),
    ]
    assert row["messages"][2]["tool_calls"] == calls
    assert row["messages"][3]["tool_call_id"] == "1"
