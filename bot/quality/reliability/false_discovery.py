"""Many experts are tested at once: control how many of those found are found by chance."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

RATE = 0.02
"""Expected share of false findings among all findings."""

Key = TypeVar("Key", bound=Hashable)


def discoveries(p_values: Mapping[Key, float], rate: float = RATE) -> set[Key]:
    """Return the keys whose p-values are significant together.

    Yoav Benjamini and Yosef Hochberg, *Controlling the False Discovery Rate* (1995): the largest k
    for which the k-th smallest p-value is at most k / n of the rate, and all before it. With the
    p-values of `sequential.py` the rate holds whatever the dependence between experts, and over all
    looks (Ruodu Wang and Aaditya Ramdas, *False Discovery Rate Control with E-values*, 2022).
    """
    ordered = sorted(p_values, key=lambda key: p_values[key])
    ranks = [
        rank
        for rank, key in enumerate(ordered, start=1)
        if p_values[key] <= rate * rank / len(ordered)
    ]
    return set(ordered[: max(ranks, default=0)])
