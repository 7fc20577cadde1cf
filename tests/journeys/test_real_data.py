"""Real data from import to export: every task reaches its overlap, and the exports load.

The data is not part of the project. Without it these tests are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest
from datasets import Dataset, load_dataset

from bot import demo
from bot.autopilot import answer_everything
from bot.demo import SAMPLE_CAMPAIGNS, Demo, DemoConfig, SampleCampaign

DATA_DIR = Path(__file__).parents[3] / "shared" / "data"

FILES = {
    "comparison": "preferences/llmfao_pairs.jsonl",
    "rating": "jokes/official_joke_api.jsonl",
    "demonstration": "prompts/mt_bench_80.jsonl",
    "ranking": "ranking/self_instruct_candidates.jsonl",
}
KINDS_AND_TRANSPORTS = [
    ("comparison", "socket"),
    ("comparison", "http"),
    *((kind, None) for kind in FILES if kind != "comparison"),
]
"""Kinds with their transport; None is the default transport of the database."""

ITEM_COUNT = 8
OVERLAP = 2

pytestmark = pytest.mark.skipif(not DATA_DIR.exists(), reason="the data is not available")


def _first_rows(kind: str, folder: Path) -> Path:
    path = folder / "items.jsonl"
    with (DATA_DIR / FILES[kind]).open() as file:
        path.write_text("".join(islice(file, ITEM_COUNT)))
    return path


@contextmanager
def _run_demo(kind: str, database_url: str, transport: str, folder: Path) -> Iterator[Demo]:
    items = _first_rows(kind, folder)
    campaign = SampleCampaign(kind, kind, SAMPLE_CAMPAIGNS[kind].title, items)
    config = DemoConfig(
        database_url=database_url,
        exports_dir=folder / "exports",
        campaigns=[campaign],
        expert_count=5,
        overlap=OVERLAP,
        uses_socket_mode=transport == "socket",
        has_rate_limits=False,
    )
    with demo.run_demo(config) as running:
        yield running


@pytest.mark.parametrize(("kind", "transport"), KINDS_AND_TRANSPORTS, indirect=["transport"])
def test_every_task_is_answered_and_exports_load(
    kind: str, database_url: str, transport: str, tmp_path: Path
) -> None:
    with _run_demo(kind, database_url, transport, tmp_path) as running:
        answer_everything(running.experts, running.is_complete)
        (status,) = running.statuses()
        exports = running.export(kind, tmp_path / "exports")

    assert status.items == ITEM_COUNT
    assert status.answered == status.wanted == ITEM_COUNT * OVERLAP
    assert status.complete == ITEM_COUNT
    for export in exports:
        files = {
            ending: str(export.directory / f"data.{ending}") for ending in ("jsonl", "parquet")
        }
        assert export.answers + sum(export.left_out.values()) >= ITEM_COUNT * OVERLAP
        if not export.row_count:  # such as written responses, when nobody wrote one
            assert sum(export.left_out.values()) >= ITEM_COUNT * OVERLAP
            continue
        lines = load_dataset("json", data_files=files["jsonl"], split="train")
        columns = load_dataset("parquet", data_files=files["parquet"], split="train")
        assert isinstance(lines, Dataset)
        assert isinstance(columns, Dataset)
        assert len(lines) == len(columns) == export.row_count
        assert export.answers >= len(set(lines["item"]))
