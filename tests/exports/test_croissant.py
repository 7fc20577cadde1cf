"""Croissant metadata: a file and a record set for each table and split, with every column."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.exports.croissant import build_croissant
from bot.exports.dataset_details import DatasetDetails
from bot.exports.formats import FORMATS
from bot.exports.manifest import ExportDescription
from bot.exports.row_options import Aggregate
from bot.exports.spool import SpooledRows, SpooledSplit
from bot.exports.tables import DEFAULT_CONFIG, DataFile, WrittenTable


def _croissant(name: str, *splits: str, details: DatasetDetails) -> dict[str, Any]:
    spooled = tuple(SpooledSplit(split, Path("spool"), 3) for split in splits)
    rows = SpooledRows(3 * len(splits), {}, FORMATS[name].columns, 3, spooled)
    table = WrittenTable(DEFAULT_CONFIG, FORMATS[name], Aggregate.NONE, rows)
    stems = splits if len(splits) > 1 else ("data",)
    files = tuple(DataFile(f"{stem}.parquet", 20, "0b") for stem in stems)
    export = ExportDescription("spring", name, (table,), files, {"campaign": "tone"}, details)
    return dict(json.loads(build_croissant(export)))


def test_every_split_is_a_file_and_a_record_set() -> None:
    details = DatasetDetails(("mit",), ("en",))
    croissant = _croissant("preference", "train", "test", details=details)
    assert (croissant["license"], croissant["inLanguage"]) == (["mit"], ["en"])
    files = [(file["contentUrl"], file["sha256"]) for file in croissant["distribution"]]
    assert files == [("train.parquet", "0b"), ("test.parquet", "0b")]
    record_sets = croissant["recordSet"]
    assert [record_set["name"] for record_set in record_sets] == ["default-train", "default-test"]
    for record_set in record_sets:
        names = [field["name"].split("/")[-1] for field in record_set["field"]]
        assert names == [column.name for column in FORMATS["preference"].columns]


def test_messages_have_subfields_and_lists_are_repeated() -> None:
    croissant = _croissant("ranking", "train", details=DatasetDetails())
    assert "license" not in croissant
    (record_set,) = croissant["recordSet"]
    fields = {field["name"].split("/")[-1]: field for field in record_set["field"]}
    assert fields["ranks"]["repeated"]
    assert fields["ranks"]["dataType"] == "sc:Integer"
    keys = [subfield["source"]["transform"] for subfield in fields["prompt"]["subField"]]
    assert keys == [{"jsonPath": "role"}, {"jsonPath": "content"}]
    assert "candidates" not in fields
    assert "lists of lists: candidates" in record_set["description"]
