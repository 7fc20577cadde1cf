"""LLaMA-Factory: what its converter accepts, so that it skips and misreads no row."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pyarrow.parquet as pq
import pytest

from bot.exports.formats.format import ChatMessage, Format, LeftOutLabel
from bot.exports.formats.llama_factory import (
    LLAMA_FACTORY_PREFERENCE,
    LLAMA_FACTORY_SFT,
    NOT_ALTERNATING,
    TEXT_AND_TOOL_CALL,
)
from bot.exports.label_record import LabelRecord
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.content import ConversationTurn
from bot.kinds.demonstration import DEMONSTRATION
from tests.exports.folders import write_table

ExampleOf = Callable[[Kind[Any]], LabelRecord]

USER, ASSISTANT = ConversationTurn("user", "Q"), ConversationTurn("assistant", "A")
SYSTEM, DEVELOPER = ConversationTurn("system", "S"), ConversationTurn("developer", "S")


def messages_of(record: LabelRecord) -> list[ChatMessage] | str:
    """Return the messages of the row for SFT, or why there is none."""
    rows = LLAMA_FACTORY_SFT.to_rows(record)
    if isinstance(rows, LeftOutLabel):
        return rows.reason
    return cast("list[ChatMessage]", rows[0]["messages"])


def with_prompt(example_of: ExampleOf, *prompt: ConversationTurn) -> LabelRecord:
    """Return a demonstration with a prompt."""
    record = example_of(DEMONSTRATION)
    return replace(record, label=replace(record.label, prompt=prompt))


@pytest.mark.parametrize(
    "prompt", [(USER,), (SYSTEM, USER), (DEVELOPER, USER), (SYSTEM, USER, ASSISTANT, USER)]
)
def test_conversation_keeps_its_roles(
    example_of: ExampleOf, prompt: tuple[ConversationTurn, ...]
) -> None:
    messages = messages_of(with_prompt(example_of, *prompt))
    assert isinstance(messages, list)
    expected = ["system" if turn.role == "developer" else turn.role for turn in prompt]
    assert [message["role"] for message in messages] == [*expected, "assistant"]


@pytest.mark.parametrize("prompt", [(USER, USER), (ASSISTANT,), (USER, SYSTEM), (SYSTEM,)])
def test_conversation_that_it_would_skip_is_counted(
    example_of: ExampleOf, prompt: tuple[ConversationTurn, ...]
) -> None:
    assert messages_of(with_prompt(example_of, *prompt)) == NOT_ALTERNATING
    pair = example_of(COMPARISON)
    rows = LLAMA_FACTORY_PREFERENCE.to_rows(replace(pair, label=replace(pair.label, prompt=prompt)))
    assert rows == LeftOutLabel(NOT_ALTERNATING)


CALL = {"name": "find", "arguments": {"q": "x"}}


@pytest.mark.parametrize(
    ("calls", "content"),
    [
        ([{"id": "1", "function": {"name": "find", "arguments": '{"q": "x"}'}}], CALL),
        ([CALL], CALL),
        ([CALL, CALL], [CALL, CALL]),
    ],
)
def test_tool_call_is_a_turn_of_its_own_role(
    example_of: ExampleOf, calls: list[object], content: object
) -> None:
    turns = (
        USER,
        ConversationTurn("assistant", "", {"tool_calls": calls}),
        ConversationTurn("tool", "found"),
    )
    messages = messages_of(with_prompt(example_of, *turns))
    assert isinstance(messages, list)
    assert [one["role"] for one in messages] == [
        "user",
        "function_call",
        "observation",
        "assistant",
    ]
    assert json.loads(messages[1]["content"]) == content


def test_text_beside_a_tool_call_is_not_dropped(example_of: ExampleOf) -> None:
    turn = ConversationTurn("assistant", "Let me look.", {"tool_calls": [CALL]})
    record = with_prompt(example_of, USER, turn, ConversationTurn("tool", "found"))
    assert messages_of(record) == TEXT_AND_TOOL_CALL


def test_responses_are_objects_as_its_converter_requires(example_of: ExampleOf) -> None:
    rows = LLAMA_FACTORY_PREFERENCE.to_rows(example_of(COMPARISON))
    assert not isinstance(rows, LeftOutLabel)
    (row,) = rows
    assert row["chosen"] == {"role": "assistant", "content": "Seven."}
    assert row["rejected"] == {"role": "assistant", "content": "Nine."}


@pytest.mark.parametrize(
    ("export_format", "kind"),
    [(LLAMA_FACTORY_SFT, DEMONSTRATION), (LLAMA_FACTORY_PREFERENCE, COMPARISON)],
)
def test_every_split_is_a_dataset_whose_file_and_columns_exist(
    export_format: Format, kind: Kind[Any], example_of: ExampleOf, tmp_path: Path
) -> None:
    record = example_of(kind)
    labels = [
        replace(record, label=replace(record.label, prompt=(ConversationTurn("user", f"{n}"),)))
        for n in range(30)
    ]
    folder = write_table(export_format, labels, tmp_path, "test=0.5").directory
    infos = json.loads((folder / "dataset_info.json").read_text())
    name = f"labelbot_{export_format.name.removeprefix('llama-factory-')}"
    assert list(infos) == [name, f"{name}_test"]
    for info in infos.values():
        columns = set(pq.read_schema(folder / info["file_name"]).names)
        assert set(info["columns"].values()) <= columns
        assert info.get("ranking", False) is ("chosen" in info["columns"])
