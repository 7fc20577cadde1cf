"""Going on after one's time or one's batch."""

from __future__ import annotations

from bot.slack.parsing.action_ids import Action
from storage.tables import Expert
from tests.handlers.bolt_app import MESSAGE, BoltApp


async def test_one_tap_goes_on_where_the_button_was(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    await bolt.click_button(ada.id, Action("lift_limit"))
    (row,) = await bolt.slack.outbox()
    assert (row.message_type, row.payload["message_ts"]) == ("task_page", MESSAGE["message_ts"])
    assert bolt.slack.scenario.rows(Expert)[0].batch_started_at is not None
