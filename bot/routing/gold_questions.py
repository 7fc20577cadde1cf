"""Placement of gold questions among ordinary tasks: an exact share, at positions from a seed."""

from __future__ import annotations

from fractions import Fraction
from hashlib import blake2b
from math import ceil


def is_gold_turn(seed: str, expert: int, share: float, turn: int) -> bool:
    """Return whether an expert's task number `turn` (from 0) should be a gold question.

    Tasks come in blocks of 1 / `share` (0 to 1). One position in each block is gold; it differs
    between blocks and experts, so that nobody can guess it.
    """
    share_fraction = Fraction(min(share, 1.0)).limit_denominator(10_000)
    if share_fraction <= 0:
        return False
    block = int(turn * share_fraction)
    block_start, block_end = ceil(block / share_fraction), ceil((block + 1) / share_fraction)
    return turn == block_start + _hash_number(f"{seed}/{expert}/block {block}") % (
        block_end - block_start
    )


def count_gold_ahead(  # noqa: PLR0913 - `is_gold_turn` needs four of them
    seed: str, expert: int, share: float, turn: int, *, ordinary: int, gold: int
) -> int:
    """Return how many gold questions come before the last of `ordinary` tasks, from `turn` on.

    `gold` is how many are left for this expert. None comes after the last ordinary task.
    """
    count = 0
    while ordinary and count < gold:
        if is_gold_turn(seed, expert, share, turn):
            count += 1
        else:
            ordinary -= 1
        turn += 1
    return count


def gold_sort_key(seed: str, expert: int, task: int) -> int:
    """Return a key that sorts an expert's gold tasks; every expert has a different order."""
    return _hash_number(f"{seed}/{expert}/gold {task}")


def _hash_number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())
