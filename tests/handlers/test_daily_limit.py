"""Tests of the button to continue after the daily limit."""

from __future__ import annotations

from bot.slack.parsing.action_ids import Action
from storage.tables import Expert
from tests.handlers.bolt_app import MESSAGE, BoltApp


async def test_next_task_replaces_the_message_with_the_button(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    await bolt.click_button(ada.id, Action("lift_limit"))
    (row,) = await bolt.slack.outbox()
    assert (row.message_type, row.payload["message_ts"]) == ("task_page", MESSAGE["message_ts"])
    assert bolt.slack.scenario.rows(Expert)[0].batch_started_at is not None
