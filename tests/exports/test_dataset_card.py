"""Dataset card: front matter for loaders, description for people, escaped Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.exports.dataset_card import build_card
from bot.exports.dataset_details import DatasetDetails
from bot.exports.formats import FORMATS
from bot.exports.formats.format import Column
from bot.exports.manifest import ExportDescription
from bot.exports.row_options import Aggregate
from bot.exports.spool import SpooledRows, SpooledSplit
from bot.exports.tables import DEFAULT_CONFIG, DataFile, WrittenTable


def _card(
    name: str = "sft",
    *,
    rows: int = 3,
    left_out: dict[str, int] | None = None,
    columns: tuple[Column, ...] | None = None,
    metadata: dict[str, object] | None = None,
) -> str:
    splits = (SpooledSplit("train", Path("spool"), rows),)
    table = _table(DEFAULT_CONFIG, name, splits, left_out or {}, columns)
    return build_card(
        ExportDescription("spring jokes", name, (table,), table.files, metadata or {})
    )


def _table(
    config: str,
    name: str,
    splits: tuple[SpooledSplit, ...],
    left_out: dict[str, int] | None = None,
    columns: tuple[Column, ...] | None = None,
) -> WrittenTable:
    rows = sum(split.row_count for split in splits)
    columns = columns or FORMATS[name].columns
    spooled = SpooledRows(rows, left_out or {}, columns, rows, splits)
    written = FORMATS[name].files if config == DEFAULT_CONFIG or rows else ()
    files = tuple(DataFile(file.name, 10, "0a") for file in written)
    return WrittenTable(config, FORMATS[name], Aggregate.NONE, spooled, files)


def _front_matter(card: str) -> dict[str, Any]:
    _, front_matter, _ = card.split("---\n", 2)
    return dict(yaml.safe_load(front_matter))


def test_front_matter_has_the_data_file_and_every_column_type() -> None:
    scores = Column("scores", "scores", "", criteria=("on", "humor"))
    columns = (Column("prompt", "messages", ""), Column("margin", "number", ""), scores)
    front_matter = _front_matter(_card(columns=columns))
    assert front_matter["pretty_name"] == "spring jokes"
    assert front_matter["configs"] == [
        {"config_name": "default", "data_files": [{"split": "train", "path": "data.parquet"}]}
    ]
    assert front_matter["dataset_info"]["features"] == [
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
            "struct": [{"name": "on", "dtype": "float64"}, {"name": "humor", "dtype": "float64"}],
        },
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_every_column_is_described(name: str) -> None:
    card = _card(name)
    for column in FORMATS[name].columns:
        assert f"| {column.name.replace('_', chr(92) + '_')} | " in card
    assert "no rows" not in card
    assert ("trl." in card) is bool(FORMATS[name].training_code)
    assert FORMATS[name].loading in card


def test_answers_left_out_are_listed_by_reason() -> None:
    card = _card("preference", left_out={"gold question": 1, "tie": 12})
    assert "Of 16 answers, 13 are left out." in card
    assert "| gold question | 1 |\n| tie | 12 |" in card
    assert "Of 3 answers, 0 are left out." in _card("preference")


def test_card_of_an_empty_export_says_so() -> None:
    card = _card(rows=0)
    assert "This export has **no rows**" in card
    assert "0 rows. An item answered by several experts" in card


def test_markdown_in_metadata_is_escaped() -> None:
    metadata: dict[str, object] = {
        "notes": "a | b\n# [x](y) <script> `code` \\ *bold*",
        "agreement": {"alpha": 0.5},
    }
    card = _card(metadata=metadata)
    assert (
        "| notes | a \\| b # \\[x](y) \\<script> \\`code\\` \\\\ \\*bold\\* |\n"
        '| agreement | {"alpha":0.5} |\n'
    ) in card


def test_splits_are_listed_and_empty_ones_have_no_file() -> None:
    splits = (
        SpooledSplit("train", Path("spool"), 9),
        SpooledSplit("validation", Path("spool"), 0),
        SpooledSplit("test", Path("spool"), 1),
    )
    table = _table(DEFAULT_CONFIG, "sft", splits)
    card = build_card(ExportDescription("spring", "sft", (table,), table.files, {}))
    (config,) = _front_matter(card)["configs"]
    assert config["data_files"] == [
        {"split": "train", "path": "train.parquet"},
        {"split": "test", "path": "test.parquet"},
    ]
    assert "| train | 9 |\n| validation | 0 |\n| test | 1 |" in card


def test_folder_of_several_formats_lists_each_as_a_configuration() -> None:
    split = (SpooledSplit("train", Path("spool"), 2),)
    empty = (SpooledSplit("train", Path("spool"), 0),)
    tables = (
        _table("preference", "preference", split),
        _table("sft", "sft", empty),
        _table("annotations", "annotations", split, {"gold question": 3}),
    )
    card = build_card(ExportDescription("spring", "dataset", tables, (), {}))
    front_matter = _front_matter(card)
    assert front_matter["configs"] == [
        {
            "config_name": name,
            **({"default": True} if name == "preference" else {}),
            "data_files": [{"split": "train", "path": f"{name}/data.parquet"}],
        }
        for name in ("preference", "annotations")
    ]
    infos = front_matter["dataset_info"]
    assert [info["config_name"] for info in infos] == ["preference", "annotations"]
    assert "Without rows, and so without a file: `sft`." in card
    assert "### annotations\n\nOf 5 answers, 3 are left out." in card


def test_card_says_what_the_hub_lists_datasets_by() -> None:
    split = (SpooledSplit("train", Path("spool"), 12_000),)
    table = _table(DEFAULT_CONFIG, "rating", split)
    details = DatasetDetails(("cc0-1.0", "mit"), ("en",))
    card = build_card(ExportDescription("spring", "rating", (table,), table.files, {}, details))
    front_matter = _front_matter(card)
    assert front_matter["license"] == ["cc0-1.0", "mit"]
    assert front_matter["language"] == ["en"]
    assert front_matter["task_categories"] == ["text-classification"]
    assert front_matter["size_categories"] == ["10K<n<100K"]
    assert "license" not in _front_matter(_card())
