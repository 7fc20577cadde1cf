"""An adaptive overlap is as accurate as a fixed overlap of 3, with fewer answers."""

from __future__ import annotations

import pytest

from tests.quality.overlap_simulation import ADAPTIVE_DESIGNS, simulate_campaign

MAX_SHARES = {"0.8": 0.8, "0.9": 0.75, "0.6 to 0.95": 0.75}
"""Share of the answers. Experts who all err in one of five answers conflict too often for 75%."""

MAX_LOSS = 0.002
"""The accuracies are estimated, so that a few items are decided by other answers."""


@pytest.mark.parametrize("name", ADAPTIVE_DESIGNS)
def check_adaptive_overlap(name: str) -> None:
    design = ADAPTIVE_DESIGNS[name]
    fixed, adaptive = simulate_campaign(design.as_fixed(3), 1), simulate_campaign(design, 1)
    assert adaptive.answers_per_item <= MAX_SHARES[name] * fixed.answers_per_item
    assert adaptive.accuracy >= fixed.accuracy - MAX_LOSS
