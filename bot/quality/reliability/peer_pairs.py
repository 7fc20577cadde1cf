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
def pairs_of_item(values: tuple[VoteValue, ...]) -> PairCounts:
    """Return how often each pair is among the answers to one item."""
    return tuple(Counter(sorted_pair(*pair) for pair in combinations(values, 2)).items())


def sorted_pair(value: VoteValue, other: VoteValue) -> Pair:
    """Return the pair of two values."""
    first, second = sorted((value, other))
    return first, second
