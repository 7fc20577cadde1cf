"""Tests of the dialog to edit guidelines."""

from __future__ import annotations

from typing import Any

from bot.slack.parsing.action_ids import Action
from bot.slack.views import guidelines_modal
from bot.slack.views.guidelines_modal import CurrentGuidelines
from storage.tables import Campaign
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload
from tests.slack.conftest import submitted_state


def submission(text: str, **entries: object) -> dict[str, Any]:
    """Return the submission of the dialog that showed version 1, with this text."""
    view = guidelines_modal.guidelines_modal(CurrentGuidelines(1, "tone", 1, "Old.", ""))
    body = submission_payload(COORDINATOR, "edit_guidelines", view["private_metadata"])
    body["view"]["state"]["values"] = submitted_state(view, text=text, **entries)
    return body


async def test_concurrent_second_change_is_refused(bolt: BoltApp) -> None:
    bolt.slack.create_campaign(guidelines="Old.")
    response = await bolt.send(submission("New.", note="clearer"))
    assert "Saved as version 2" in response.body
    second_response = await bolt.send(submission("Mine.", note="mine"))
    assert "Someone else changed these guidelines" in second_response.body
    (campaign,) = bolt.slack.scenario.rows(Campaign)
    assert (campaign.guidelines, campaign.guidelines_version) == ("New.", 2)


async def test_problems_are_reported_at_their_fields(bolt: BoltApp) -> None:
    bolt.slack.create_campaign(guidelines="Old.")
    assert '"errors":{"note":"Describe in a few words' in (await bolt.send(submission("New."))).body
    response = await bolt.send(submission("New.", note="x", link="nonsense"))
    assert '"errors":{"link":' in response.body


async def test_command_without_name_lists_campaigns_with_buttons(bolt: BoltApp) -> None:
    bolt.slack.create_campaign(guidelines="Old.")
    assert "Edit guidelines: choose a campaign." in await bolt.send_command(
        COORDINATOR, "guidelines"
    )
    await bolt.click_button(COORDINATOR, Action("edit_guidelines", 1))
    assert "Old." in str(bolt.api_calls("views.open"))
