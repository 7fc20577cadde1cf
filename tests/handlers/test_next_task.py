"""The next task, typed for."""

from __future__ import annotations

from bot.slack.views.home import NO_CAMPAIGN_TEXT
from storage.tables import Expert
from tests.handlers.bolt_app import BoltApp, mark_experts_away


async def test_next_brings_a_task_and_says_that_one_is_back(front: BoltApp) -> None:
    ada = front.slack.add_expert()
    front.slack.create_campaign(ada)
    mark_experts_away(front)
    assert "direct messages" in await front.send_command(ada.id, "next")
    (row,) = await front.slack.outbox()
    assert (row.message_type, row.recipient, row.payload) == ("task", ada.id, {"asked": True})
    assert front.slack.scenario.rows(Expert)[0].away_since is None
    assert front.wake_calls == ["now"]


async def test_a_stranger_hears_how_to_take_part(front: BoltApp) -> None:
    assert await front.send_command("U1", "next") == NO_CAMPAIGN_TEXT
    assert await front.slack.outbox() == []
