"""`datasets`, `huggingface_hub` and `mlcroissant` read every configuration of an export folder."""

from __future__ import annotations

import json
from pathlib import Path

import datasets
import mlcroissant
import pytest
from huggingface_hub import DatasetCard

from bot.exports.export_folder import ExportResult
from bot.exports.formats import DATASET_FORMATS
from tests.datasets.export_folders import write_dataset


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> ExportResult:
    """Return a folder with every configuration."""
    return write_dataset(tmp_path_factory.mktemp("exports"))


@pytest.mark.parametrize("config", DATASET_FORMATS)
def check_datasets_loads_every_configuration_and_split(
    folder: ExportResult, config: str, tmp_path: Path
) -> None:
    loaded = datasets.load_dataset(str(folder.directory), config, cache_dir=str(tmp_path))
    assert {name: len(rows) for name, rows in loaded.items()} == folder.configs[config].splits


def check_card_has_the_fields_that_the_hub_documents(folder: ExportResult) -> None:
    """Check the card without `validate()`, which asks the Hub."""
    card = DatasetCard.load(folder.directory / "README.md")
    data = card.data.to_dict()
    assert [config["config_name"] for config in data["configs"]] == list(DATASET_FORMATS)
    assert (data["license"], data["language"]) == ("cc-by-4.0", ["en"])
    assert data["size_categories"] == ["n<1K"]
    assert "text-generation" in data["task_categories"]
    assert card.text.strip().startswith("# spring")


def check_croissant_is_valid_and_reads_every_row(folder: ExportResult) -> None:
    path = folder.directory / "croissant.json"
    dataset = mlcroissant.Dataset(jsonld=str(path))
    assert not dataset.metadata.ctx.issues.errors
    names = {record_set["name"] for record_set in json.loads(path.read_text())["recordSet"]}
    for config, counts in folder.configs.items():
        for split, count in counts.splits.items():
            assert f"{config}-{split}" in names
            records = list(dataset.records(f"{config}-{split}"))
            assert len(records) == count


def check_croissant_reads_texts_unchanged(folder: ExportResult, tmp_path: Path) -> None:
    dataset = mlcroissant.Dataset(jsonld=str(folder.directory / "croissant.json"))
    rows = datasets.load_dataset(
        str(folder.directory), "annotations", split="train", cache_dir=str(tmp_path)
    )
    records = dataset.records("annotations-train")
    for row, record in zip(rows, records, strict=True):
        for column in ("item", "value", "answered_at", "better_response"):
            assert record[f"annotations-train/{column}"].decode() == row[column]
