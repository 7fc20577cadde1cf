"""Going on after one's time or one's batch."""

from __future__ import annotations

from bot.slack.parsing.action_ids import Action
from storage.tables import Expert
from tests.handlers.bolt_app import MESSAGE, BoltApp


async def test_one_tap_goes_on_where_the_button_was(front: BoltApp) -> None:
    ada = front.slack.add_expert()
    front.slack.create_campaign(ada)
    await front.click_button(ada.id, Action("go_on"))
    (row,) = await front.slack.outbox()
    assert (row.message_type, row.payload["message_ts"]) == ("turn", MESSAGE["message_ts"])
    assert front.slack.scenario.rows(Expert)[0].batch_started_at is not None
