"""The next task, typed for."""

from __future__ import annotations

from bot.slack.views.home import NO_CAMPAIGN_TEXT
from storage.tables import Expert
from tests.handlers.bolt_app import BoltApp, mark_experts_away


async def test_next_brings_a_task_and_says_that_one_is_back(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    mark_experts_away(bolt)
    assert "direct messages" in await bolt.send_command(ada.id, "next")
    (row,) = await bolt.slack.outbox()
    assert (row.message_type, row.recipient, row.payload) == (
        "new_task",
        ada.id,
        {"is_requested": True},
    )
    assert bolt.slack.scenario.rows(Expert)[0].away_since is None
    assert bolt.wake_calls == ["now"]


async def test_a_stranger_hears_how_to_take_part(bolt: BoltApp) -> None:
    assert await bolt.send_command("U1", "next") == NO_CAMPAIGN_TEXT
    assert await bolt.slack.outbox() == []
