"""Images and audio of exports: typed columns with their bytes; what a format cannot have."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import datasets
import orjson
import pyarrow.parquet as pq
import pytest
from PIL import Image

from bot.exports.export_folder import FolderContent, write_export
from bot.exports.files.media_cells import MissingMediaError
from bot.exports.formats import DATASET, FORMATS
from bot.exports.formats.format import LeftOutLabel
from bot.exports.label_record import LabelRecord
from bot.exports.media_columns import PROMPT_MEDIA, RESPONSE_MEDIA, MediaTypes, with_media_columns
from bot.exports.tables import ExportTable
from bot.exports.verification import verify_folder
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.media import Media
from tests.exports.conftest import Row

ExampleOf = Callable[[Kind[Any]], LabelRecord]

ALL_TYPES = MediaTypes(frozenset(("image", "audio", "video")), frozenset(("image",)))

LINK = Media("image", "https://example.org/cat.jpg", "a cat")
VIDEO = Media("video", "https://example.org/cat.mp4", "a cat")
SOUND = Media("audio", "media:b0.wav", "a sound")


def _png(color: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (2, 2), color).save(file, "PNG")
    return file.getvalue()


FILES = {"media:r0.png": _png("red"), "media:g0.png": _png("green"), "media:b0.wav": b"RIFF WAVE"}

STORED = [Media("image", name, "a color") for name in FILES if name.endswith(".png")]


def _write(records: list[LabelRecord], folder: Path, *names: str) -> Path:
    tables = [ExportTable(with_media_columns(FORMATS[name], ALL_TYPES), records) for name in names]
    content = FolderContent("export", DATASET, tables, {}, load_media=FILES.get)
    return write_export(content, folder).directory


def test_datasets_loads_the_bytes_of_images_and_audio(
    tmp_path: Path, example_of: ExampleOf, load: Callable[..., datasets.Dataset]
) -> None:
    example = example_of(COMPARISON)
    seen = replace(example, media=([*STORED, SOUND, VIDEO], (), ()))
    folder = _write([example, seen], tmp_path, "preference", "annotations")
    rows = load(str(folder), "preference", columns=["images", "video"])
    assert rows.features["images"] == datasets.List(datasets.Image())
    assert rows[0]["images"] == []
    assert [image.getpixel((0, 0)) for image in rows[1]["images"]] == [(255, 0, 0), (0, 128, 0)]
    assert rows[1]["video"] == [VIDEO.url]
    stored: list[Row] = pq.read_table(folder / "preference/data.parquet").to_pylist()
    assert [image["bytes"] for image in stored[1]["images"]] == list(FILES.values())[:2]
    assert stored[1]["audio"] == [{"bytes": b"RIFF WAVE", "path": "b0.wav"}]
    assert verify_folder(folder).deviations == ()
    croissant = orjson.loads((folder / "croissant.json").read_bytes())
    fields = {field["name"]: field for field in croissant["recordSet"][0]["field"]}
    assert fields["preference-train/images"]["dataType"] == "sc:ImageObject"


def test_every_answer_has_all_media_and_links_stay_links(
    tmp_path: Path, example_of: ExampleOf
) -> None:
    record = replace(example_of(COMPARISON), media=([LINK], STORED[:1], STORED[1:]))
    folder = _write([record], tmp_path, "annotations", "kto")
    (row,) = pq.read_table(folder / "annotations/data.parquet", columns=["images"]).to_pylist()
    assert row["images"][0] == {"bytes": None, "path": LINK.url}
    assert [image["path"] for image in row["images"]] == [LINK.url, "r0.png", "g0.png"]


def test_answers_whose_media_a_format_cannot_have_are_left_out(example_of: ExampleOf) -> None:
    example = example_of(COMPARISON)
    about_prompt = replace(example, media=([LINK], (), ()))
    about_responses = replace(example, media=((), [LINK], [LINK]))

    def reason(name: str, record: LabelRecord) -> str:
        rows = with_media_columns(FORMATS[name], ALL_TYPES).rows_of(record)
        return rows.reason if isinstance(rows, LeftOutLabel) else ""

    for name, prompt_reason, response_reason in (
        ("preference", "", RESPONSE_MEDIA),
        ("prompt-only", "", ""),
        ("annotations", "", ""),
        ("openai-dpo", PROMPT_MEDIA, RESPONSE_MEDIA),
        ("csv", "", ""),
    ):
        assert reason(name, about_prompt) == prompt_reason, name
        assert reason(name, about_responses) == response_reason, name
        assert reason(name, example) == "", name


def test_missing_file_is_an_error(tmp_path: Path, example_of: ExampleOf) -> None:
    lost = Media("image", "media:lost.png", "")
    record = replace(example_of(COMPARISON), media=([lost], (), ()))
    with pytest.raises(MissingMediaError, match=r"media:lost\.png"):
        _write([record], tmp_path, "preference")
    assert list(tmp_path.iterdir()) == []
