"""Correcting from Slack: where nobody labels yet, the way to people is told."""

from __future__ import annotations

import pytest

from bot.slack.parsing.action_ids import Action
from tests.handlers.bolt_app import COORDINATOR, BoltApp


@pytest.mark.parametrize("deed", ["take_back", "reopen", "exclude"])
async def test_a_campaign_without_experts_has_nothing_to_correct_yet(
    front: BoltApp, deed: str
) -> None:
    front.slack.create_campaign()
    await front.click_button(COORDINATOR, Action(deed, 1))
    assert front.ephemeral_texts() == [
        "Nobody labels in “tone” yet; `/label invite @person tone` lets people in."
    ]
    assert front.api_calls("views.open") == []
