"""Informative pairs separate six models with at most 70% of the votes of uniform choice."""

from __future__ import annotations

from statistics import fmean

import pytest

from tests.routing.pair_simulation import STRENGTHS, simulate_votes

RUNS = 60
MAX_SHARE = 0.7
MIN_TRUE_ORDERS = 0.9
"""Share of runs that end with the true order; looking after every forty votes costs some."""


@pytest.mark.parametrize("name", STRENGTHS)
def check_informative_pairs(name: str) -> None:
    runs = {
        is_informative: [
            simulate_votes(STRENGTHS[name], seed, is_informative=is_informative)
            for seed in range(RUNS)
        ]
        for is_informative in (False, True)
    }
    uniform, chosen = (fmean(run.votes for run in runs[key]) for key in (False, True))
    assert chosen <= MAX_SHARE * uniform
    for key in (False, True):
        assert fmean(run.is_order_true for run in runs[key]) >= MIN_TRUE_ORDERS
