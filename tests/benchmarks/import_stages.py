"""Where an import spends its time: processor time per row, stage by stage."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import TypeVar

from bot.imports.item_reader import quick_items_of
from bot.imports.mapping import ColumnMapping
from bot.imports.plain_items import PlainItem
from bot.imports.plan import ImportPlan, plan_import
from bot.imports.row import Row
from bot.kinds.comparison import COMPARISON, ComparisonSettings
from bot.services.campaigns.campaigns import campaign_by_name
from bot.services.imports.batches import add_batch
from bot.services.imports.import_batch import BATCH_SIZE, ImportBatch
from storage.queries.item_insertion import ItemOrigin
from tests.benchmarks import data
from tests.benchmarks.report import Section, format_ratio, format_us
from tests.benchmarks.sizes import BenchmarkSize

DESCRIPTION = """
The processor time of each stage of an import, for each of {rows:,} comparison rows, measured apart
in one process: reading and decoding a row, making an item of it (with the digest by which it is
compared with the rows before), preparing the columns that are stored, and storing them. In an
import of a large file, a process of its own does all but the last.
"""

COLUMNS = ("stage", "processor time per row", "share")

T = TypeVar("T")


@dataclass(slots=True)
class _Stages:
    """The processor time of each stage in seconds."""

    seconds: dict[str, float] = field(default_factory=dict)

    def measure(self, name: str, run: Callable[[], T]) -> T:
        gc.disable()  # an import collects garbage rarely
        started = process_time()
        result = run()
        self.seconds[name] = process_time() - started
        gc.enable()
        return result


def measure(size: BenchmarkSize, folder: Path) -> Section:
    """Measure the stages of an import of a tenth of the usual rows."""
    path, count = folder / "import.jsonl", size.rows // 10
    data.write_pairs(path, count)
    stages = _Stages()
    items = _read(path, stages)
    _store(f"sqlite:///{folder}/import.db", items, stages)
    total = sum(stages.seconds.values())
    rows = [
        (name, format_us(seconds / count), format_ratio(seconds / total))
        for name, seconds in stages.seconds.items()
    ]
    return Section("Stages of an import", DESCRIPTION.format(rows=count), COLUMNS, rows)


def _plan(path: Path) -> ImportPlan:
    return plan_import(path, ColumnMapping(), COMPARISON)


def _read(path: Path, stages: _Stages) -> list[PlainItem]:
    plan = _plan(path)
    rows = stages.measure("read", lambda: [row for row in plan.rows if isinstance(row, Row)])
    whole, settings = _plan(path), ComparisonSettings()
    items = stages.measure(
        "make the item", lambda: list(quick_items_of(whole, COMPARISON, settings))
    )
    stages.seconds["make the item"] -= stages.seconds["read"]
    assert len(rows) == len(items)
    return [item for item in items if isinstance(item, PlainItem)]


def _store(url: str, items: list[PlainItem], stages: _Stages) -> None:
    starts = range(0, len(items), BATCH_SIZE)
    batches = stages.measure(
        "prepare", lambda: [ImportBatch.prepare_plain(items[s : s + BATCH_SIZE]) for s in starts]
    )
    origin = ItemOrigin(datetime.now(UTC))
    with data.open_campaign(url, data.expert_ids(1)) as database:
        campaign = database.read_now(campaign_by_name, data.CAMPAIGN)
        stages.measure(
            "store",
            lambda: [
                database.write_now(add_batch, campaign, batch, frozenset(), origin)
                for batch in batches
            ],
        )
