"""Tests of corrections from Slack."""

from __future__ import annotations

import pytest

from bot.slack.parsing.action_ids import Action
from tests.handlers.bolt_app import COORDINATOR, BoltApp


@pytest.mark.parametrize("action", ["unassign", "reopen", "exclude"])
async def test_correction_without_members_says_how_to_invite(bolt: BoltApp, action: str) -> None:
    bolt.slack.create_campaign()
    await bolt.click_button(COORDINATOR, Action(action, 1))
    assert bolt.ephemeral_texts() == [
        "“tone” has no experts yet. Use `/label invite @person tone` to add some."
    ]
    assert bolt.api_calls("views.open") == []
