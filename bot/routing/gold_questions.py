"""Where gold is mixed in: exactly its share, at places that a seed decides for each person."""

from __future__ import annotations

from fractions import Fraction
from hashlib import blake2b
from math import ceil


def is_gold_turn(seed: str, expert: int, share: float, turn: int) -> bool:
    """Say whether the task number `turn` (from 0) that an expert is given should be gold.

    Tasks come in blocks of 1 / `share` (0 to 1); one place in each is gold, another in each block
    and for each person, so that nobody can guess it.
    """
    share_fraction = Fraction(min(share, 1.0)).limit_denominator(10_000)
    if share_fraction <= 0:
        return False
    block = int(turn * share_fraction)
    block_start, block_end = ceil(block / share_fraction), ceil((block + 1) / share_fraction)
    return turn == block_start + _hash_number(f"{seed}/{expert}/block {block}") % (
        block_end - block_start
    )


def count_gold_ahead(  # noqa: PLR0913 - they are what a turn is decided by
    seed: str, expert: int, share: float, turn: int, *, ordinary: int, gold: int
) -> int:
    """Return how many gold tasks come before the last of `ordinary` others, from `turn` on.

    `gold` is how many are left for this person. After the last ordinary task none comes.
    """
    found = 0
    while ordinary and found < gold:
        if is_gold_turn(seed, expert, share, turn):
            found += 1
        else:
            ordinary -= 1
        turn += 1
    return found


def gold_sort_key(seed: str, expert: int, task: int) -> int:
    """Return a number by which an expert's gold tasks are sorted: everybody has another order."""
    return _hash_number(f"{seed}/{expert}/gold {task}")


def _hash_number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())
