"""Answers that columns of grouped rows have, and columns of answers that look like responses."""

from __future__ import annotations

import json
from pathlib import Path

from bot.imports.answers.mapping import AnswerMapping
from bot.imports.item_reader import read_items
from bot.imports.mapping import ColumnMapping
from bot.imports.plan import ImportOptions
from bot.imports.read_item import ImportedItem
from bot.imports.row import InvalidRow, RowWarning
from bot.kinds import KINDS


def items_in(
    folder: Path, kind: str, rows: list[dict[str, object]], *mappings: str, group_by: str = ""
) -> list[object]:
    """Return what a file of these rows has."""
    path = folder / "answers.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    options = ImportOptions(group_by=group_by or None, answers=AnswerMapping.parse(mappings))
    settings = KINDS[kind].settings()
    return list(read_items(path, ColumnMapping(), KINDS[kind], settings, options))


def test_ranks_of_grouped_rows_are_those_of_the_responses(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"prompt": "Why?", "response": text, "model": text, "rank": rank}
        for text, rank in (("x", 2), ("y", 1), ("z", 2))
    ]
    (item,) = items_in(tmp_path, "ranking", rows, "ranks=rank", group_by="prompt")
    assert isinstance(item, ImportedItem)
    assert [answer.value for answer in item.answers] == [{"ranks": "b>a=c"}]
    assert item.content.meta == {}


def test_column_of_the_answer_is_no_response(tmp_path: Path) -> None:
    """A rating would otherwise take the column “answer” for the text to rate."""
    row: dict[str, object] = {"joke": "Ha.", "answer": {"relevance": 1, "humor": 2, "clarity": 3}}
    (item,) = items_in(tmp_path, "rating", [row], "answer=answer")
    assert isinstance(item, ImportedItem)
    assert item.content.candidates[0].text == "Ha."
    assert item.has_text


def test_answers_alone_are_enough_if_rows_have_an_id(tmp_path: Path) -> None:
    points = {"relevance": 1, "humor": 2, "clarity": 3}
    rows: list[dict[str, object]] = [{"id": "x", "points": points}, {"id": "y", "points": None}]
    warning, item, rejected = items_in(tmp_path, "rating", rows, "answer=points")
    assert isinstance(warning, RowWarning)
    assert "no column has the texts" in warning.reason
    assert isinstance(item, ImportedItem)
    assert not item.has_text
    assert isinstance(rejected, InvalidRow)
    assert rejected.reason == "the row has neither a text to judge nor an answer"
