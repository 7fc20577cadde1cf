"""Pairs of answers to one item."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from itertools import combinations
from typing import TypeAlias

from bot.quality.votes import VoteValue

Pair: TypeAlias = tuple[VoteValue, VoteValue]
"""Two values that experts gave to one item, sorted."""

PairCounts: TypeAlias = tuple[tuple[Pair, int], ...]
"""How often each pair occurs."""

CACHED_ITEMS = 16_384
"""Combinations of values of an item whose pairs are kept."""


@lru_cache(maxsize=CACHED_ITEMS)
def pairs_of_item(values: tuple[VoteValue, ...]) -> tuple[PairCounts, tuple[PairCounts, ...]]:
    """Return how often each pair is among the answers to one item: of all, and of each answer."""
    found: Counter[Pair] = Counter()
    by_answer: list[Counter[Pair]] = [Counter() for _ in values]
    for (index, value), (other_index, other_value) in combinations(enumerate(values), 2):
        pair = sorted_pair(value, other_value)
        for counts in (found, by_answer[index], by_answer[other_index]):
            counts[pair] += 1
    return tuple(found.items()), tuple([tuple(counts.items()) for counts in by_answer])


def sorted_pair(value: VoteValue, other: VoteValue) -> Pair:
    """Return the pair of two values."""
    first, second = sorted((value, other))
    return first, second
