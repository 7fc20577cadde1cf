"""Batches of items: their columns, and what is left out of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports.item_reader import quick_items_of
from bot.imports.mapping import ColumnMapping, CompiledMapping
from bot.imports.plain_items import PlainItem
from bot.imports.plan import ImportPlan
from bot.imports.row import Row
from bot.kinds.comparison import COMPARISON
from bot.services.imports.import_batch import NO_CONTENT, ImportBatch, batches_of
from bot.services.items.new_item import new_item_of
from storage.item_values import CANDIDATE_VALUES, DEFAULTS, ITEM_VALUES, NewItem, NewItems

values = st.none() | st.sampled_from(["[]", "{}", "text"])
new_items = st.builds(
    NewItem,
    st.tuples(*[values] * len(ITEM_VALUES)),
    st.lists(st.tuples(*[values] * len(CANDIDATE_VALUES)), max_size=3),
    st.sampled_from(["anybody", "law"]),
    st.booleans(),
    st.booleans(),
)


def plain_items(**others: str) -> list[PlainItem]:
    """Return the items of three plain rows, with these columns besides."""
    rows = [{"q": "Why?", "a": "So.", "b": str(number), **others} for number in range(3)]
    mapping = CompiledMapping(ColumnMapping.parse(["prompt=q", "candidates=a,b", "models=m,n"]))
    numbered = [Row(line, row) for line, row in enumerate(rows, start=1)]
    plan = ImportPlan(iter(numbered), None, mapping, (), 2)
    items = quick_items_of(plan, COMPARISON, COMPARISON.settings())
    return [item for item in items if isinstance(item, PlainItem)]


def restored(items: NewItems) -> list[NewItem]:
    """Return the items of columns, with the defaults of the tables."""
    columns = [
        [part.get(name, [DEFAULTS.get(name)] * count) for name in names]
        for part, names, count in (
            (items.items, ITEM_VALUES, len(items.candidate_counts)),
            (items.candidates, CANDIDATE_VALUES, sum(items.candidate_counts)),
            (items.tasks, ("audience", "has_text", "is_gold"), len(items.candidate_counts)),
        )
    ]
    item_rows, candidate_rows, task_rows = (list(zip(*part, strict=True)) for part in columns)
    candidates = iter(candidate_rows)
    return [
        NewItem(values, list(islice(candidates, count)), *task)
        for values, count, task in zip(item_rows, items.candidate_counts, task_rows, strict=True)
    ]


@given(items=st.lists(new_items, max_size=5), data=st.data())
def test_columns_have_the_values_of_items(items: list[NewItem], data: st.DataObject) -> None:
    columns = NewItems.of(items)
    assert restored(columns) == items
    numbers = data.draw(
        st.lists(st.integers(0, len(items) - 1), unique=True) if items else st.just([])
    )
    taken = columns.take(sorted(numbers))
    assert restored(taken) == [items[number] for number in sorted(numbers)]


def test_columns_with_nothing_but_defaults_are_left_out() -> None:
    columns = NewItems.of([new_item_of(item.as_imported().content, "d") for item in plain_items()])
    assert list(columns.items) == ["shown_digest", "prompt", "meta"]
    assert list(columns.candidates) == ["text"]
    assert columns.tasks == {}


@pytest.mark.parametrize("others", [{}, {"m": "wren", "topic": "sums"}])
def test_plain_items_make_the_batch_that_their_contents_make(others: dict[str, str]) -> None:
    items = plain_items(**others)
    imported = [item.as_imported() for item in items]
    quick, slow = ImportBatch.prepare_plain(items), ImportBatch.prepare(imported)
    assert restored(quick.new_items) == restored(slow.new_items)
    assert list(quick.new_items.items) == list(slow.new_items.items)
    assert quick.rows == slow.rows == [replace(item, content=NO_CONTENT) for item in imported]
    assert [row.digest for row in quick.rows] == [item.digest for item in imported]


def test_a_batch_may_have_plain_items_and_others() -> None:
    first, second, third = plain_items()
    answered = replace(second.as_imported(), spare_key="2-spare")
    (batch,) = batches_of([first, answered, third])
    assert [row.key for row in batch.rows] == [first.key, second.key, third.key]
    assert batch.full_rows
    (plain_batch,) = batches_of([first, third])
    assert not plain_batch.full_rows
    assert list(plain_batch.keys) == [first.key, third.key]
