"""Order of the candidates: determined by a stored seed, never random."""

from __future__ import annotations

from hashlib import blake2b
from math import factorial


def candidate_order(seed: str, task: int, expert: int, count: int) -> list[int]:
    """Return the order in which an expert sees the `count` candidates of a task.

    The hash is spread evenly over all permutations, so every order is equally likely across tasks
    and experts. The same seed, task and expert always give the same order.
    """
    digest = blake2b(f"{seed}/{task}/{expert}".encode(), digest_size=16).digest()
    return _permutation(int.from_bytes(digest) % factorial(count), count)


def _permutation(rank: int, count: int) -> list[int]:
    """Return the permutation with this rank in lexicographic order (factorial number system)."""
    unused = list(range(count))
    order = []
    for remaining in range(count, 0, -1):
        index, rank = divmod(rank, factorial(remaining - 1))
        order.append(unused.pop(index))
    return order
