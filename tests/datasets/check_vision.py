"""Images of an export: `datasets`, `mlcroissant` and TRL's code for vision datasets read them."""

from __future__ import annotations

from pathlib import Path

import datasets
import mlcroissant
import pytest
from trl.data_utils import prepare_multimodal_messages

from tests.datasets.export_folders import square, write_vision


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an export folder with images and audio."""
    return write_vision(tmp_path_factory.mktemp("exports")).directory


def check_trl_puts_each_image_before_the_first_user_message(folder: Path, tmp_path: Path) -> None:
    rows = datasets.load_dataset(str(folder), split="train", cache_dir=str(tmp_path))
    images = [row["images"] for row in rows.select_columns(["images"])]
    assert [len(found) for found in images] == [0, 1] * (len(rows) // 2)
    for row, found in zip(rows.select_columns(["prompt", "chosen"]), images, strict=True):
        system, user = prepare_multimodal_messages(row["prompt"], found)
        *shown, text = user["content"]
        assert [part["image"].tobytes() for part in shown] == [one.tobytes() for one in found]
        assert (text["text"], system["role"]) == (row["prompt"][1]["content"], "system")
        (answer,) = prepare_multimodal_messages(row["chosen"], [])
        assert answer["content"] == [{"type": "text", "text": row["chosen"][0]["content"]}]


def check_datasets_and_croissant_read_the_bytes(folder: Path, tmp_path: Path) -> None:
    rows = datasets.load_dataset(str(folder), split="train", cache_dir=str(tmp_path))
    assert rows.features["images"] == datasets.List(datasets.Image())
    assert rows.features["audio"] == datasets.List(datasets.Audio())
    raw = rows.cast_column("images", datasets.List(datasets.Image(decode=False)))
    raw = raw.cast_column("audio", datasets.List(datasets.Audio(decode=False)))
    assert raw[1]["images"] == [{"bytes": square(), "path": "1.png"}]
    assert raw[1]["audio"] == [{"bytes": b"RIFF WAVE", "path": "1.wav"}]
    described = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    records = list(described.records("default-train"))
    assert len(records) == len(rows)
    (image,) = records[1]["default-train/images"]
    assert image.size == (4, 4)
