"""Pausing, resuming and closing from Slack: buttons, the last question, two hands at once."""

from __future__ import annotations

import json

from bot.slack.ids import Press
from storage.tables import Campaign
from tests.handlers.front import COORDINATOR, MESSAGE, Front, in_view, submitted


def state(front: Front) -> str:
    """Return the state of the only campaign."""
    (campaign,) = front.line.workshop.rows(Campaign)
    return str(campaign.state)


async def test_without_a_name_there_are_buttons_and_one_of_them_does_it(front: Front) -> None:
    front.line.campaign()
    assert await front.says(COORDINATOR, "pause") == "Pause which campaign?"
    whispering = {"type": "message", "is_ephemeral": True, **MESSAGE}
    await front.presses(COORDINATOR, Press("pause", 1), container=whispering)
    (said,) = front.line.hook.posted
    assert (state(front), said["replace_original"]) == ("paused", True)


async def test_a_button_on_a_message_for_all_is_answered_beside_it(front: Front) -> None:
    front.line.campaign()
    await front.presses(COORDINATOR, Press("pause", 1))
    await front.presses(COORDINATOR, Press("resume", 1))
    await front.presses(COORDINATOR, Press("resume", 1))
    assert [said["replace_original"] for said in front.line.hook.posted] == [False] * 3
    assert "was open already" in front.whispered()[-1]
    assert state(front) == "open"


async def test_closing_is_asked_about_and_done_when_the_answer_is_yes(front: Front) -> None:
    front.line.campaign()
    await front.presses(COORDINATOR, Press("close", 1))
    assert state(front) == "open"
    assert "Closing cannot be undone" in str(front.called("views.open"))
    answer = await front.sends(submitted(COORDINATOR, "close", "1"))
    assert json.loads(answer.body)["response_action"] == "update"
    assert state(front) == "closed"
    again = await front.sends(submitted(COORDINATOR, "close", "1"))
    assert "was closed already" in again.body
    await front.presses(COORDINATOR, Press("close", 1))
    assert "was closed already" in front.whispered()[-1]
    assert "was closed already" in await front.says(COORDINATOR, "close tone")
    assert "closed, for good" in await front.says(COORDINATOR, "pause tone")


async def test_a_modal_that_claims_nonsense_closes_nothing(front: Front) -> None:
    front.line.campaign()
    answer = await front.sends(submitted(COORDINATOR, "close", "nonsense"))
    assert "not there any more" in answer.body
    assert state(front) == "open"


async def test_in_the_home_tab_a_button_is_answered_in_a_modal(front: Front) -> None:
    front.line.campaign()
    await front.sends(in_view(COORDINATOR, Press("pause", 1), {"type": "home"}))
    assert "is paused" in str(front.called("views.open"))
    await front.sends(in_view(COORDINATOR, Press("resume", 1), {"type": "modal"}))
    assert "is open" in str(front.called("views.push"))
