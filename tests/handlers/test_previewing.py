"""Looking at a task and trying it, from the buttons of a new campaign."""

from __future__ import annotations

from bot.slack.ids import Press
from tests.handlers.front import COORDINATOR, Front


async def test_a_task_is_shown_and_sent_and_a_tap_on_it_is_nothing(front: Front) -> None:
    front.line.campaign()
    await front.presses(COORDINATOR, Press("preview", 1))
    assert "Question 1?" in str(front.called("views.open"))
    await front.presses(COORDINATOR, Press("try", 1))
    (row,) = await front.line.outbox()
    assert (row.word, row.lane, row.facts) == ("test", COORDINATOR, {"campaign": 1})
    await front.presses(COORDINATOR, Press("test", 0, "", "3"))
    assert "only a test" in " ".join(front.whispered())
    assert front.line.workshop.count("annotation") == 0


async def test_a_campaign_that_is_not_there_cannot_be_tried(front: Front) -> None:
    for deed in ("preview", "try", "invite"):
        await front.presses(COORDINATOR, Press(deed, 7))
    assert all("not there any more" in said for said in front.whispered())
    assert len(front.whispered()) == 3
