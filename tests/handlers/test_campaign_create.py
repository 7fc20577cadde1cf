"""A new campaign from its modal, by the payloads that Slack sends."""

from __future__ import annotations

from typing import Any

from bot.slack.parsing.action_ids import Action
from storage.tables import Campaign
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload, view_button_payload
from tests.slack.campaign_form.test_view import filled


def sends(**entries: object) -> dict[str, Any]:
    """Return the modal, filled."""
    body = submission_payload(COORDINATOR, "new", "{}")
    body["view"]["state"]["values"] = filled("rating", **entries)
    return body


async def test_what_is_wished_for_is_made(front: BoltApp) -> None:
    answer = await front.send(sends(title="Good jokes", export={"value": "daily"}))
    assert answer.body in ("", "{}")
    (campaign,) = front.slack.scenario.rows(Campaign)
    assert (campaign.name, campaign.created_by) == ("good-jokes", COORDINATOR)
    assert front.slack.scenario.count("export_schedule") == 1


async def test_a_name_that_is_taken_is_told_at_its_field(front: BoltApp) -> None:
    front.slack.create_campaign()
    answer = await front.send(sends(title="Tone"))
    assert '"errors":{"title":"There is a campaign called “tone” already' in answer.body
    assert front.slack.scenario.count("campaign") == 1


async def test_the_modal_follows_the_kind_and_shows_the_task(front: BoltApp) -> None:
    view = {"type": "modal", "state": {"values": filled("rating", title="Wit")}}
    picked = view_button_payload(COORDINATOR, Action("kind", 0, "", "comparison"), view)
    await front.send(picked)
    assert "Ask how much better" not in str(
        front.api_calls("views.update")
    )  # not chosen in `state`
    assert "Criteria, a line each" in str(front.api_calls("views.update"))
    await front.send(view_button_payload(COORDINATOR, Action("look"), view))
    assert "Rate this joke" in str(front.api_calls("views.push"))


async def test_a_button_opens_the_same_modal(front: BoltApp) -> None:
    await front.click_button(COORDINATOR, Action("new"))
    assert "New campaign" in str(front.api_calls("views.open"))
