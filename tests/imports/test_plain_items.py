"""Items of plain rows are those that the general way makes, and ordinary rows are plain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports.item_reader import items_of, quick_items_of
from bot.imports.mapping import ColumnMapping, CompiledMapping
from bot.imports.plain_items import PlainItem
from bot.imports.plan import ImportPlan
from bot.imports.read_item import DuplicateRow, ImportedItem, ReadItem
from bot.imports.row import InvalidRow, Row
from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from tests.imports.test_plain_content import values

MAPPING = ("prompt=q", "candidates=a,b", "models=m,n", "id=i")

few_texts = st.sampled_from(["So.", " So.", "Why?", "Hm\n", "\u00c4hm", "\u3053\u3093"])
"""Few texts, so that rows repeat or contradict one another."""

plain_rows = st.fixed_dictionaries(
    dict.fromkeys("qab", few_texts),
    optional={"i": few_texts, "m": few_texts, "n": few_texts, "more": values},
)
other_rows = st.dictionaries(st.sampled_from(["q", "a", "b", "m", "n", "i", "more"]), values)
rows = plain_rows | plain_rows | plain_rows | other_rows

CANDIDATES = {
    **dict.fromkeys(("comparison", "ranking"), ("candidates=a,b", "models=m,n")),
    **dict.fromkeys(("rating", "curation", "validation"), ("candidates=a", "models=m")),
    "demonstration": ("", ""),
}
"""The mappings of candidates and of their models with which items suit each kind."""


def plan_of(rows: Sequence[Mapping[str, object]], mappings: Sequence[str]) -> ImportPlan:
    numbered = [Row(number, row) for number, row in enumerate(rows, start=1)]
    mapping = CompiledMapping(ColumnMapping.parse(mappings))
    return ImportPlan(iter(numbered), None, mapping, (), 2)


def digests_of(items: Sequence[ReadItem]) -> list[bytes]:
    return [item.digest for item in items if isinstance(item, ImportedItem)]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
@given(
    rows=st.lists(rows, min_size=1, max_size=6),
    prompt=st.sampled_from(["prompt=q", "prompt=q", "prompt=q", ""]),
    other=st.sampled_from(["id=i", "gold=i", "", ""]),
    has_models=st.booleans(),
)
def test_both_ways_give_the_same_items(
    kind: Kind[Any], rows: list[dict[str, object]], prompt: str, other: str, *, has_models: bool
) -> None:
    candidates, models = CANDIDATES[kind.name]
    mappings = [part for part in (prompt, candidates, models if has_models else "", other) if part]
    settings = kind.example.settings
    general = replace(kind, validates_texts=True)
    slow = list(items_of(plan_of(rows, mappings), general, settings))
    quick = list(items_of(plan_of(rows, mappings), kind, settings))
    assert quick == slow
    assert digests_of(quick) == digests_of(slow)


@pytest.mark.parametrize("mappings", [MAPPING, MAPPING[:2], MAPPING[:3]])
def test_items_of_ordinary_rows_are_plain(mappings: Sequence[str]) -> None:
    rows: list[dict[str, object]] = [
        {"q": "Why?", "a": " So.", "b": "How: so", "m": "wren", "n": None, "i": 1, "topic": ["x"]},
        {
            "q": "\u041f\u043e\u0447\u0435\u043c\u0443?",
            "a": "\u4e3a\u4ec0\u4e48",
            "b": "\u00c9t\u00e9",
            "i": "2",
        },
    ]
    items = list(quick_items_of(plan_of(rows, mappings), COMPARISON, COMPARISON.settings()))
    assert [type(item) for item in items] == [PlainItem, PlainItem]


def test_duplicates_and_ids_with_other_content_are_found_among_plain_rows() -> None:
    first = {"q": "Why?", "a": "So.", "b": "Hm.", "i": "1"}
    others = [
        {**first, "a": "Hm.", "b": "So.", "i": "2"},
        {**first, "q": "How?"},
        {**first, "i": " "},
    ]
    plan = plan_of([first, *others], ["prompt=q", "candidates=a,b", "id=i"])
    item, *read = quick_items_of(plan, COMPARISON, COMPARISON.settings())
    assert isinstance(item, PlainItem)
    assert read == [
        DuplicateRow(2, "2", "line 1", is_exchanged=True),
        InvalidRow(3, "line 1 has the same id “1” with other content"),
        InvalidRow(4, "the id is blank"),
    ]


def test_a_kind_that_validates_texts_sees_every_content() -> None:
    seen = []

    def validate(content: object, _settings: object) -> None:
        seen.append(content)

    kind = replace(COMPARISON, validate_content=validate, validates_texts=True)
    rows = [{"q": "Why?", "a": "So.", "b": f"{number}"} for number in range(3)]
    plan = plan_of(rows, ["prompt=q", "candidates=a,b"])
    items = list(items_of(plan, kind, kind.settings()))
    assert [item.content for item in items if isinstance(item, ImportedItem)] == seen[-3:]
