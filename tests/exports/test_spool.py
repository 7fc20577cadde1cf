"""Spooling: order of rows, annotations left out by reason, collected criteria."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson

from bot.exports.formats import FORMATS
from bot.exports.label_record import LabelRecord
from bot.exports.spool import BUFFER_BYTES, spool_rows
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.label import Preference, Rating
from bot.kinds.rating import RATING

ExampleOf = Callable[[Kind[Any]], LabelRecord]


def test_rows_keep_their_order_and_skipped_labels_are_counted(
    tmp_path: Path, example_of: ExampleOf
) -> None:
    example = example_of(COMPARISON)
    assert isinstance(example.label, Preference)
    labels = [replace(example, item_key=str(number)) for number in (3, 1, 2)]
    labels[1:1] = [example_of(RATING)] * 2
    labels.append(replace(example, label=replace(example.label, winner="tie")))
    spooled = spool_rows(labels, FORMATS["preference"], tmp_path / "spool")
    rows = [orjson.loads(line) for line in (tmp_path / "spool").read_bytes().splitlines()]
    assert [row["item"] for row in rows] == ["3", "1", "2"]
    assert spooled.row_count == 3
    assert list(spooled.left_out.items()) == [
        ("rating without another response to compare", 2),
        ("tie", 1),
    ]


def test_criteria_are_collected_in_order_of_appearance(
    tmp_path: Path, example_of: ExampleOf
) -> None:
    example = example_of(RATING)
    assert isinstance(example.label, Rating)
    other = replace(example, label=replace(example.label, scores=(("tone", 1), ("humor", 2))))
    columns = spool_rows([example, other], FORMATS["rating"], tmp_path / "spool").columns
    criteria = {column.name: column.criteria for column in columns}
    assert criteria.pop("scores") == ("relevance", "humor", "clarity", "tone")
    assert criteria.pop("soft_label") == criteria.pop("spread") == columns[2].criteria
    assert set(criteria.values()) == {()}


def test_rows_are_written_while_labels_are_read(tmp_path: Path, example_of: ExampleOf) -> None:
    example = example_of(COMPARISON)
    path = tmp_path / "spool"
    sizes = []

    def labels() -> Iterator[LabelRecord]:
        for _ in range(20_000):
            sizes.append(path.stat().st_size)
            yield example

    spool_rows(labels(), FORMATS["preference"], path)
    growth = {after - before for before, after in pairwise(sizes)}
    assert max(growth) <= BUFFER_BYTES + 1_000
    assert sizes[-1] > BUFFER_BYTES
