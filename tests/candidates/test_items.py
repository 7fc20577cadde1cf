"""Tests of items made of candidates."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.candidates.collection import CandidateResult
from bot.candidates.generator import Generator
from bot.candidates.items import CandidateCountError, build_rows, items_in, require_count
from bot.candidates.request import Order, Sampling, SourcePrompt
from bot.candidates.tasks import TASKS, Wording
from bot.imports.read_item import ImportedItem
from bot.kinds import kind_named
from bot.kinds.content import Content, ConversationTurn

META = {"topic": "birds", "prompt": "another", "generated_by": "somebody"}
PROMPT = SourcePrompt(
    "p1", Content((ConversationTurn("user", "Why?"),), meta=META, domains=("law",)), 1, "line 1"
)


def order_of(models: str, samples: int) -> Order:
    """Return an order for models with names of one letter."""
    generators = [Generator(name, httpx.URL("http://x")) for name in models]
    return Order(TASKS["response"], Wording(), Sampling(), generators, samples)


def results_of(order: Order, missing: str = "") -> list[CandidateResult]:
    """Return a text for each request, such as "a1", but none for those that are missing."""
    texts = [(r, f"{r.generator.name}{r.sample}") for r in order.requests([PROMPT])]
    return [CandidateResult(r, text if text not in missing.split() else None) for r, text in texts]


@pytest.mark.parametrize(
    ("kind", "models", "samples", "missing", "expected"),
    [
        ("comparison", "ab", 2, "", ["a1 b1", "a2 b2"]),
        ("comparison", "abc", 1, "", ["a1 b1", "a1 c1", "b1 c1"]),
        ("comparison", "a", 3, "", ["a1 a2", "a1 a3", "a2 a3"]),
        ("comparison", "ab", 2, "b1", ["a2 b2"]),
        ("ranking", "abc", 2, "", ["a1 b1 c1", "a2 b2 c2"]),
        ("ranking", "a", 4, "", ["a1 a2 a3 a4"]),
        ("ranking", "abc", 1, "c1", []),
        ("rating", "ab", 2, "a1", ["b1", "a2", "b2"]),
        ("validation", "a", 1, "", ["a1"]),
    ],
)
def test_candidates_are_combined_as_the_kind_needs(
    kind: str, models: str, samples: int, missing: str, expected: list[str]
) -> None:
    order, found = order_of(models, samples), kind_named(kind)
    require_count(found, order)
    results = results_of(order, missing)
    rows, incomplete = build_rows(found, order, reversed(results))
    items: list[Any] = list(items_in(rows, found, found.settings()))
    assert all(isinstance(item, ImportedItem) for item in items), items
    assert sorted(
        " ".join(candidate.text for candidate in item.content.candidates) for item in items
    ) == sorted(expected)
    assert len({item.key for item in items}) == len(items)
    assert bool(incomplete) == (bool(missing) and kind != "rating")
    for item in items:
        content = item.content
        assert [one.model for one in content.candidates] == [
            one.text[0] for one in content.candidates
        ]
        assert (content.domains, content.meta["topic"]) == (("law",), "birds")
        assert content.meta["prompt_prompt"] == "another"
        assert content.meta["prompt_generated_by"] == "somebody"
    again, _ = build_rows(found, order, results)
    assert [row.fields["id"] for row in again] == [row.fields["id"] for row in rows]


@pytest.mark.parametrize(
    ("kind", "models", "samples"), [("comparison", "a", 1), ("ranking", "ab", 3)]
)
def test_too_few_candidates_are_an_error(kind: str, models: str, samples: int) -> None:
    with pytest.raises(CandidateCountError, match="--samples"):
        require_count(kind_named(kind), order_of(models, samples))
