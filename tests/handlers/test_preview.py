"""Looking at a task and trying it, from the buttons of a new campaign."""

from __future__ import annotations

from bot.slack.parsing.action_ids import Action
from tests.handlers.bolt_app import COORDINATOR, BoltApp


async def test_a_task_is_shown_and_sent_and_a_tap_on_it_is_nothing(front: BoltApp) -> None:
    front.slack.create_campaign()
    await front.click_button(COORDINATOR, Action("preview", 1))
    assert "Question 1?" in str(front.api_calls("views.open"))
    await front.click_button(COORDINATOR, Action("try", 1))
    (row,) = await front.slack.outbox()
    assert (row.message_type, row.recipient, row.payload) == ("test", COORDINATOR, {"campaign": 1})
    await front.click_button(COORDINATOR, Action("test", 0, "", "3"))
    assert "only a test" in " ".join(front.ephemeral_texts())
    assert front.slack.scenario.count("annotation") == 0


async def test_a_campaign_that_is_not_there_cannot_be_tried(front: BoltApp) -> None:
    for deed in ("preview", "try", "invite"):
        await front.click_button(COORDINATOR, Action(deed, 7))
    assert all("not there any more" in said for said in front.ephemeral_texts())
    assert len(front.ephemeral_texts()) == 3
