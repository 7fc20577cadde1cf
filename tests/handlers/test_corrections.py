"""Correcting from Slack: where nobody labels yet, the way to people is told."""

from __future__ import annotations

import pytest

from bot.slack.parsing.action_ids import Action
from tests.handlers.bolt_app import COORDINATOR, BoltApp


@pytest.mark.parametrize("deed", ["unassign", "reopen", "exclude"])
async def test_a_campaign_without_experts_has_nothing_to_correct_yet(
    bolt: BoltApp, deed: str
) -> None:
    bolt.slack.create_campaign()
    await bolt.click_button(COORDINATOR, Action(deed, 1))
    assert bolt.ephemeral_texts() == [
        "“tone” has no experts yet. Use `/label invite @person tone` to add some."
    ]
    assert bolt.api_calls("views.open") == []
