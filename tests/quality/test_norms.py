"""An alpha is compared with what is usual for its question, never with a fixed bar."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.quality.agreement import NO_AGREEMENT
from bot.quality.norms import NORMS, compare_to_norm


def found(low: float, high: float) -> object:
    """Return how an interval of that width is judged, for humor."""
    return compare_to_norm(
        replace(NO_AGREEMENT, alpha=(low + high) / 2, low=low, high=high), "humor"
    )


@pytest.mark.parametrize(
    ("low", "high", "judgement"),
    [
        (0.12, 0.18, "usual"),
        (0.0, 0.12, "usual"),
        (-0.1, 0.05, "below"),
        (0.3, 0.6, "above"),
    ],
)
def test_only_a_whole_interval_is_below_or_above(low: float, high: float, judgement: str) -> None:
    assert found(low, high) == judgement


def test_an_alpha_far_below_the_textbooks_bar_is_usual_for_jokes() -> None:
    assert found(0.13, 0.17) == "usual", "a fixed bar of 0.667 would ring for every joke"


def test_where_nobody_knows_what_is_usual_nothing_is_judged() -> None:
    some = replace(NO_AGREEMENT, alpha=0.0, low=-0.1, high=0.1)
    assert compare_to_norm(some, "faithful") is None
    assert compare_to_norm(NO_AGREEMENT, "humor") is None


def test_every_norm_says_where_it_holds() -> None:
    assert all(0 < norm.low < norm.high < 1 for norm in NORMS.values())
    assert all(norm.description.startswith("where ") for norm in NORMS.values())
