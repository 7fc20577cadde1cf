"""A new campaign from its modal, by the payloads that Slack sends."""

from __future__ import annotations

from typing import Any

from bot.slack.ids import Press
from storage.tables import Campaign
from tests.handlers.front import COORDINATOR, Front, in_view, submitted
from tests.slack.test_creating import filled


def sends(**entries: object) -> dict[str, Any]:
    """Return the modal, filled."""
    body = submitted(COORDINATOR, "new", "{}")
    body["view"]["state"]["values"] = filled("rating", **entries)
    return body


async def test_what_is_wished_for_is_made(front: Front) -> None:
    answer = await front.sends(sends(title="Good jokes", export={"value": "daily"}))
    assert answer.body in ("", "{}")
    (campaign,) = front.line.workshop.rows(Campaign)
    assert (campaign.name, campaign.created_by) == ("good-jokes", COORDINATOR)
    assert front.line.workshop.count("exportschedule") == 1


async def test_a_name_that_is_taken_is_told_at_its_field(front: Front) -> None:
    front.line.campaign()
    answer = await front.sends(sends(title="Tone"))
    assert '"errors":{"title":"There is a campaign called “tone” already' in answer.body
    assert front.line.workshop.count("campaign") == 1


async def test_the_modal_follows_the_kind_and_shows_the_task(front: Front) -> None:
    view = {"type": "modal", "state": {"values": filled("rating", title="Wit")}}
    picked = in_view(COORDINATOR, Press("kind", 0, "", "comparison"), view)
    await front.sends(picked)
    assert "Ask how much better" not in str(front.called("views.update"))  # not chosen in `state`
    assert "Criteria, a line each" in str(front.called("views.update"))
    await front.sends(in_view(COORDINATOR, Press("look"), view))
    assert "Rate this joke" in str(front.called("views.push"))


async def test_a_button_opens_the_same_modal(front: Front) -> None:
    await front.presses(COORDINATOR, Press("new"))
    assert "New campaign" in str(front.called("views.open"))
