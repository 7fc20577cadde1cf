"""Agreement is compared with the norm of its question, never with a fixed threshold."""

from __future__ import annotations

import pytest

from bot.quality.agreement.interval import NO_ESTIMATE, Estimate
from bot.quality.norms import NORMS, compare_to_norm


def compare_humor(low: float, high: float) -> object:
    """Return how an interval for humor compares with its norm."""
    return compare_to_norm(Estimate((low + high) / 2, low, high), "humor")


@pytest.mark.parametrize(
    ("low", "high", "comparison"),
    [
        (0.12, 0.18, "usual"),
        (0.0, 0.12, "usual"),
        (-0.1, 0.05, "below"),
        (0.3, 0.6, "above"),
    ],
)
def test_only_a_whole_interval_is_below_or_above(low: float, high: float, comparison: str) -> None:
    assert compare_humor(low, high) == comparison


def test_alpha_far_below_fixed_threshold_is_usual_for_jokes() -> None:
    assert compare_humor(0.13, 0.17) == "usual", "a fixed threshold of 0.667 would flag every joke"


def test_unknown_question_or_interval_has_no_comparison() -> None:
    assert compare_to_norm(Estimate(0.0, -0.1, 0.1), "faithful") is None
    assert compare_to_norm(NO_ESTIMATE, "humor") is None


def test_every_norm_has_a_description() -> None:
    assert all(0 < norm.low < norm.high < 1 for norm in NORMS.values())
    assert all(norm.description.startswith("where ") for norm in NORMS.values())
