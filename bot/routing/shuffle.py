"""The order of the candidates: decided by a stored seed, never by chance."""

from __future__ import annotations

from hashlib import blake2b
from math import factorial


def candidate_order(seed: str, task: int, expert: int, count: int) -> list[int]:
    """Return the order in which one expert sees `count` candidates of one task.

    Every order is equally likely over tasks and over experts (the hash is spread evenly over all
    permutations), and the same seed, task and expert give the same order always.
    """
    digest = blake2b(f"{seed}/{task}/{expert}".encode(), digest_size=16).digest()
    return _permutation(int.from_bytes(digest) % factorial(count), count)


def _permutation(rank: int, count: int) -> list[int]:
    """Return the permutation of that rank, in lexicographic order (factorial number system)."""
    unused = list(range(count))
    order = []
    for remaining in range(count, 0, -1):
        index, rank = divmod(rank, factorial(remaining - 1))
        order.append(unused.pop(index))
    return order
