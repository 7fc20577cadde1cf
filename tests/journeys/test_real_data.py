"""Real data through the whole line: every task reaches its overlap, and the exports load.

The data is not part of the project; these tests are skipped where it does not lie beside it.
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

DATA = Path(__file__).parents[3] / "shared" / "data"

FILES = {
    "comparison": "preferences/llmfao_pairs.jsonl",
    "rating": "jokes/official_joke_api.jsonl",
    "demonstration": "prompts/mt_bench_80.jsonl",
    "ranking": "ranking/self_instruct_candidates.jsonl",
}
WAYS = [
    ("comparison", "socket"),
    ("comparison", "http"),
    *((kind, None) for kind in FILES if kind != "comparison"),
]
"""Which goes by which way; None is the usual one of the database."""

ITEMS = 8
OVERLAP = 2

pytestmark = pytest.mark.skipif(
    not DATA.exists(), reason="the data does not lie beside the project"
)


def _first_rows(kind: str, folder: Path) -> Path:
    head = folder / "items.jsonl"
    with (DATA / FILES[kind]).open() as whole:
        head.write_text("".join(islice(whole, ITEMS)))
    return head


@contextmanager
def _running(kind: str, database_url: str, transport: str, folder: Path) -> Iterator[Demo]:
    items = _first_rows(kind, folder)
    stock = SampleCampaign(kind, kind, SAMPLE_CAMPAIGNS[kind].title, items)
    plan = DemoConfig(
        database_url=database_url,
        exports_dir=folder / "exports",
        campaigns=[stock],
        expert_count=5,
        overlap=OVERLAP,
        uses_socket_mode=transport == "socket",
        has_rate_limits=False,
    )
    with demo.run_demo(plan) as running:
        yield running


@pytest.mark.parametrize(("kind", "transport"), WAYS, indirect=["transport"])
def test_five_experts_answer_all_of_it_and_the_exports_load(
    kind: str, database_url: str, transport: str, tmp_path: Path
) -> None:
    with _running(kind, database_url, transport, tmp_path) as running:
        answer_everything(running.experts, running.is_complete)
        (status,) = running.statuses()
        written = running.export(kind, tmp_path / "exports")

    assert status.items == ITEMS
    assert status.answered == status.wanted == ITEMS * OVERLAP
    assert status.complete == ITEMS
    for export in written:
        files = {
            ending: str(export.directory / f"data.{ending}") for ending in ("jsonl", "parquet")
        }
        lines = load_dataset("json", data_files=files["jsonl"], split="train")
        columns = load_dataset("parquet", data_files=files["parquet"], split="train")
        assert isinstance(lines, Dataset)
        assert isinstance(columns, Dataset)
        assert len(lines) == len(columns) == export.row_count
        answers = len(set(zip(lines["item"], lines["expert"], strict=True)))
        assert answers + sum(export.skipped.values()) == ITEMS * OVERLAP
