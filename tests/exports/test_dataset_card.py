"""The card tells people what is there, loaders what it is, and repeats nobody's markup."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bot.exports.dataset_card import build_card
from bot.exports.formats import FORMATS
from bot.exports.formats.format import Column
from bot.exports.manifest import DataFile, ExportDescription
from bot.exports.spool import SpooledRows

FILES = (DataFile("data.jsonl", 10, "0a"), DataFile("data.parquet", 20, "0b"))


def _card(
    name: str = "sft",
    *,
    rows: int = 3,
    skipped: dict[str, int] | None = None,
    columns: tuple[Column, ...] | None = None,
    facts: dict[str, object] | None = None,
) -> str:
    shape = FORMATS[name]
    spooled = SpooledRows(rows, skipped or {}, columns or shape.columns)
    return build_card(ExportDescription("spring jokes", shape, spooled, FILES, facts or {}))


def _head(card: str) -> dict[str, Any]:
    _, head, _ = card.split("---\n", 2)
    return dict(yaml.safe_load(head))


def test_the_head_names_the_data_and_the_type_of_every_column() -> None:
    scores = Column("scores", "scores", "", criteria=("on", "humor"))
    columns = (Column("prompt", "messages", ""), Column("margin", "number", ""), scores)
    head = _head(_card(columns=columns))
    assert head["pretty_name"] == "spring jokes"
    assert head["configs"] == [
        {"config_name": "default", "data_files": [{"split": "train", "path": "data.parquet"}]}
    ]
    assert head["dataset_info"]["features"] == [
        {
            "name": "prompt",
            "list": [
                {"name": "role", "dtype": "string"},
                {"name": "content", "dtype": "string"},
            ],
        },
        {"name": "margin", "dtype": "float64"},
        {
            "name": "scores",
            "struct": [{"name": "on", "dtype": "int64"}, {"name": "humor", "dtype": "int64"}],
        },
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_every_column_is_explained(name: str) -> None:
    card = _card(name)
    for column in FORMATS[name].columns:
        assert f"| {column.name.replace('_', chr(92) + '_')} | " in card
    assert ("no rows" in card) is False
    assert ("trl." in card) is bool(FORMATS[name].training_code)


def test_what_was_left_out_is_told_with_the_reason() -> None:
    assert "| a tie | 12 |" in _card("preference", skipped={"a tie": 12})
    assert "Nothing: every annotation has its row." in _card("preference")


def test_an_empty_export_says_so() -> None:
    card = _card(rows=0)
    assert "This export holds **no rows**" in card
    assert "0 rows, one an annotation" in card


def test_what_people_wrote_stays_text() -> None:
    facts: dict[str, object] = {
        "notes": "a | b\n# [x](y) <script> `code` \\ *bold*",
        "agreement": {"alpha": 0.5},
    }
    card = _card(facts=facts)
    assert (
        "| notes | a \\| b # \\[x](y) \\<script> \\`code\\` \\\\ \\*bold\\* |\n"
        '| agreement | {"alpha":0.5} |\n'
    ) in card
