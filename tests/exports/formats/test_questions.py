"""Fields and questions for annotation tools, and the rows of Argilla and Label Studio."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest

from bot.exports.formats.argilla import ARGILLA
from bot.exports.formats.format import LeftOutLabel
from bot.exports.formats.label_studio import LABEL_STUDIO
from bot.exports.formats.messages import HAS_TOOL_CALLS
from bot.exports.formats.questions import QuestionAnswer, answers_of, fields_of
from bot.exports.label_record import LabelRecord
from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.content import ConversationTurn
from bot.kinds.label import Rating
from bot.kinds.ranking import RANKING
from bot.kinds.rating import RATING
from bot.kinds.rationale import Rationale
from tests.exports.folders import write_table

ExampleOf = Callable[[Kind[Any]], LabelRecord]


def rows_of(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows in a JSON file of an export."""
    rows: list[dict[str, Any]] = json.loads((folder / name).read_text(encoding="utf-8"))
    return rows


def test_answers_have_the_questions_of_the_kind_and_the_reason(example_of: ExampleOf) -> None:
    record = replace(example_of(COMPARISON), rationale=Rationale("Nine is not prime."))
    assert answers_of(record) == [
        QuestionAnswer("winner", "choice", "response_2"),
        QuestionAnswer("strength", "choice", "3"),
        QuestionAnswer("reason", "text", "Nine is not prime."),
    ]
    ranks = [(answer.name, answer.value) for answer in answers_of(example_of(RANKING))]
    assert ranks == [("rank_1", 2), ("rank_2", 1), ("rank_3", 2)]


def test_item_without_a_prompt_has_no_field_for_it() -> None:
    label = replace(COMPARISON.example.label, prompt=())
    assert list(fields_of(label)) == ["response_1", "response_2"]


def test_items_are_rows_with_the_answers_of_all_experts(
    example_of: ExampleOf, tmp_path: Path
) -> None:
    labels = [
        replace(example_of(RATING), item_key=key, expert=expert)
        for key, experts in (("a", ("e1", "e2")), ("b", ("e1",)))
        for expert in experts
    ]
    result = write_table(ARGILLA, labels, tmp_path / "argilla")
    records = rows_of(result.directory, "records.json")
    assert (result.row_count, result.answers) == (2, 3)
    assert [record["id"] for record in records] == ["a", "b"]
    assert [len(record["responses"]["humor"]) for record in records] == [2, 1]
    people = [[one["user_id"] for one in record["responses"]["humor"]] for record in records]
    assert people[0][0] == people[1][0] != people[0][1]
    assert all(UUID(person) for group in people for person in group)
    folder = write_table(LABEL_STUDIO, labels, tmp_path / "label-studio").directory
    tasks = rows_of(folder, "tasks.json")
    assert [len(task["annotations"]) for task in tasks] == [2, 1]
    assert tasks[0]["annotations"][1]["result"][0]["meta"] == {"text": ["e2"]}


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_configuration_has_every_control_and_object_of_the_tasks(
    kind: Kind[Any], example_of: ExampleOf, tmp_path: Path
) -> None:
    folder = write_table(LABEL_STUDIO, [example_of(kind)], tmp_path).directory
    config = ET.fromstring((folder / "label_config.xml").read_text(encoding="utf-8"))  # noqa: S314 - our own file
    names = {tag.get("name"): tag for tag in config}
    (task,) = rows_of(folder, "tasks.json")
    (annotation,) = task["annotations"]
    assert annotation["result"]
    for result in annotation["result"]:
        control = names[result["from_name"]]
        assert control.get("toName") == result["to_name"]
        assert names[result["to_name"]].get("value") == f"${result['to_name']}"
        assert result["to_name"] in task["data"]
        for choice in result["value"].get("choices", ()):
            assert choice in [value.get("value") for value in control]


def test_tool_calls_are_left_out_of_both(example_of: ExampleOf) -> None:
    turn = ConversationTurn("assistant", "", {"tool_calls": [{"name": "find"}]})
    record = example_of(COMPARISON)
    record = replace(record, label=replace(record.label, prompt=(turn,)))
    for export_format in (ARGILLA, LABEL_STUDIO):
        assert export_format.rows_of(record) == LeftOutLabel(HAS_TOOL_CALLS)


def test_criterion_with_special_characters_is_a_valid_control(
    example_of: ExampleOf, tmp_path: Path
) -> None:
    example = RATING.example.label
    assert isinstance(example, Rating)
    label = replace(example, scores=(('a:b"<&', 3),))
    folder = write_table(
        LABEL_STUDIO, [replace(example_of(RATING), label=label)], tmp_path
    ).directory
    config = ET.fromstring((folder / "label_config.xml").read_text(encoding="utf-8"))  # noqa: S314 - our own file
    assert config[-1].get("name") == 'answer_a:b"<&'
