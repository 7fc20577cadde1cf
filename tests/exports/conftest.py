"""Fixtures: label records to export, and an offline `datasets.load_dataset`."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import datasets
import pytest

from bot.exports.label_record import LabelRecord
from bot.kinds.base import Kind

Row = dict[str, Any]


@pytest.fixture(scope="session")
def example_of() -> Callable[[Kind[Any]], LabelRecord]:
    """Return a function that builds a label record from the example of a kind."""

    def record_of(kind: Kind[Any]) -> LabelRecord:
        example = kind.example
        return LabelRecord(
            label=example.label,
            item_key="item-1",
            campaign="spring",
            kind=kind.name,
            expert="expert-7",
            answered_at=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
            version=2,
            guidelines_version=1,
            value=dict(example.inputs[0]),
            meta={"b": [1, None], "a": "é"},
            order=example.order,
        )

    return record_of


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., datasets.Dataset]:
    """Return `datasets.load_dataset` with a temporary cache, offline and without progress bars."""
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    datasets.disable_progress_bars()
    numbers = itertools.count()

    def load_train(*args: str, split: str = "train", **options: object) -> datasets.Dataset:
        cache = tmp_path / f"cache-{next(numbers)}"
        return datasets.load_dataset(*args, split=split, cache_dir=str(cache), **options)

    return load_train
