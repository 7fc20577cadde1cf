"""Published formats that need a shape of their own: batches, evaluations, feedback, solutions."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.imports.item_reader import read_items
from bot.imports.mapping import ColumnMapping
from bot.imports.read_item import ImportedItem, ReadItem
from bot.imports.row import InvalidRow
from bot.imports.shapes import SHAPES
from bot.imports.shapes.batches import NO_REQUEST
from bot.kinds import KINDS
from tests.imports.shapes.published_formats import (
    BRIEF,
    CHOICES,
    EVENT,
    GEMINI_BATCH,
    HC3_ROW,
    PROBLEM,
    PUBLISHED,
    REQUEST,
    SQUAD_ROW,
    Published,
    answer_of,
    gemini,
)
from tests.imports.shapes.rows import Row, read
from tests.imports.shapes.samples import SAMPLES


def check(published: Published, found: Sequence[ReadItem]) -> None:
    """Check that all that was read are the items, and that their parts are complete."""
    contents = [one.content for one in found if isinstance(one, ImportedItem)]
    assert len(contents) == len(found), found
    assert [
        (one.prompt_messages(), [c.text for c in one.candidates], [c.model for c in one.candidates])
        for one in contents
    ] == [(list(prompt), list(texts), list(models)) for prompt, texts, models in published.items]


@pytest.mark.parametrize("published", PUBLISHED, ids=lambda one: f"{one.shape}-{one.kind}")
def test_published_format_becomes_complete_items(tmp_path: Path, published: Published) -> None:
    check(published, read(tmp_path, published.kind, published.rows))


@pytest.mark.parametrize(
    "published",
    [one for one in PUBLISHED if len(one.rows) == 1],
    ids=lambda one: f"{one.shape}-{one.kind}",
)
def test_published_format_in_a_csv_file_becomes_the_same(
    tmp_path: Path, published: Published
) -> None:
    path, kind = tmp_path / "rows.csv", KINDS[published.kind]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        (row,) = published.rows
        writer.writerow(row)
        writer.writerow(one if isinstance(one, str) else json.dumps(one) for one in row.values())
    check(published, list(read_items(path, ColumnMapping(), kind, kind.settings())))


def test_every_shape_has_a_sample() -> None:
    own = {"labelbot", "oasst-trees"}
    tested = {sample.shape for sample in SAMPLES} | {one.shape for one in PUBLISHED}
    assert tested == set(SHAPES) - own


@pytest.mark.parametrize(
    ("kind", "rows", "reason"),
    [
        (
            "rating",
            [answer_of("wren", "A")],
            NO_REQUEST,
        ),
        (
            "rating",
            [REQUEST, {"custom_id": "q-1", "response": None, "error": {"message": "expired"}}],
            "the request failed: expired",
        ),
        ("comparison", [REQUEST, answer_of("wren", "A")], "it needs 2 candidates and has 1"),
        (
            "rating",
            [{**EVENT, "type": "match", "data": {"correct": True}}],
            "it is an event of the type “match”, which has no response",
        ),
        ("rating", [{**CHOICES, "answer": 7}], "the answer “7” is none of the choices"),
        ("rating", [{**PROBLEM, "steps": []}], "the solution has no steps"),
        (
            "rating",
            [{**SQUAD_ROW, "answers": {"text": []}}],
            "the passage does not answer the question",
        ),
        (
            "comparison",
            [{**HC3_ROW, "chatgpt_answers": [""]}],
            "it has no answer of a person or none of ChatGPT",
        ),
        (
            "rating",
            [{**GEMINI_BATCH, "response": None, "status": "blocked"}],
            "the request has no response: blocked",
        ),
        (
            "rating",
            [{"contents": [gemini("user", {"executableCode": {"code": "1"}})]}],
            (
                "message 1 of candidate 1 has a content part of the type “executableCode”, "
                "which is not shown"
            ),
        ),
    ],
)
def test_row_that_has_no_item_says_why(
    tmp_path: Path, kind: str, rows: Sequence[Row], reason: str
) -> None:
    (found,) = read(tmp_path, kind, rows)
    assert isinstance(found, InvalidRow)
    assert found.reason == reason


def test_requests_and_responses_of_a_folder_are_joined(tmp_path: Path) -> None:
    for name, row in (("answers.jsonl", answer_of("wren", "A")), ("requests.jsonl", REQUEST)):
        (tmp_path / name).write_text(json.dumps(row), encoding="utf-8")
    kind = KINDS["rating"]
    (item,) = read_items(tmp_path, ColumnMapping(), kind, kind.settings())
    assert isinstance(item, ImportedItem)
    assert (item.key, item.content.prompt_messages()) == ("q-1", BRIEF)


@pytest.mark.parametrize(
    "names",
    [
        ("better", "worse"),
        ("response_j", "response_k"),
        ("good_response", "bad_response"),
        ("response_w", "response_l"),
        ("preferred", "dispreferred"),
        ("positive", "negative"),
    ],
)
def test_names_of_a_preferred_and_another_response_are_known(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    better, worse = names
    (item,) = read(tmp_path, "comparison", [{"query": "Q", worse: "B", better: "A"}])
    assert isinstance(item, ImportedItem)
    assert [one.text for one in item.content.candidates] == ["A", "B"]
