"""Correcting from Slack: where nobody labels yet, the way to people is told."""

from __future__ import annotations

import pytest

from bot.slack.ids import Press
from tests.handlers.front import COORDINATOR, Front


@pytest.mark.parametrize("deed", ["take_back", "reopen", "exclude"])
async def test_a_campaign_without_experts_has_nothing_to_correct_yet(
    front: Front, deed: str
) -> None:
    front.line.campaign()
    await front.presses(COORDINATOR, Press(deed, 1))
    assert front.whispered() == [
        "Nobody labels in “tone” yet; `/label invite @person tone` lets people in."
    ]
    assert front.called("views.open") == []
