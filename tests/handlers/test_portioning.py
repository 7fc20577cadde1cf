"""Going on after one's time or one's batch."""

from __future__ import annotations

from bot.slack.ids import Press
from storage.tables import Expert
from tests.handlers.front import MESSAGE, Front


async def test_one_tap_goes_on_where_the_button_was(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    await front.presses(ada.id, Press("go_on"))
    (row,) = await front.line.outbox()
    assert (row.word, row.facts["message_ts"]) == ("turn", MESSAGE["message_ts"])
    assert front.line.workshop.rows(Expert)[0].batch_began_at is not None
