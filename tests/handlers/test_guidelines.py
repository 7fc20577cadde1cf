"""Guidelines changed from Slack: by one, and by two at once."""

from __future__ import annotations

from typing import Any

from bot.slack.parsing.action_ids import Action
from bot.slack.views import guidelines_modal
from bot.slack.views.guidelines_modal import CurrentGuidelines
from storage.tables import Campaign
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload
from tests.slack.conftest import submitted_state


def change(text: str, **entries: object) -> dict[str, Any]:
    """Return the window that showed version 1, with this text."""
    view = guidelines_modal.guidelines_modal(CurrentGuidelines(1, "tone", 1, "Old.", ""))
    body = submission_payload(COORDINATOR, "edit_guidelines", view["private_metadata"])
    body["view"]["state"]["values"] = submitted_state(view, text=text, **entries)
    return body


async def test_a_change_counts_and_of_two_at_once_the_second_is_told(bolt: BoltApp) -> None:
    bolt.slack.create_campaign(guidelines="Old.")
    answer = await bolt.send(change("New.", note="clearer"))
    assert "Saved as version 2" in answer.body
    late = await bolt.send(change("Mine.", note="mine"))
    assert "Somebody changed these guidelines meanwhile" in late.body
    (campaign,) = bolt.slack.scenario.rows(Campaign)
    assert (campaign.guidelines, campaign.guidelines_version) == ("New.", 2)


async def test_what_is_wrong_is_said_at_its_field(bolt: BoltApp) -> None:
    bolt.slack.create_campaign(guidelines="Old.")
    assert '"errors":{"note":"Describe in a few words' in (await bolt.send(change("New."))).body
    wrong = change("New.", note="x", link="nonsense")
    assert '"errors":{"link":' in (await bolt.send(wrong)).body


async def test_without_a_name_there_are_buttons(bolt: BoltApp) -> None:
    bolt.slack.create_campaign(guidelines="Old.")
    assert "Guidelines of which campaign?" in await bolt.send_command(COORDINATOR, "guidelines")
    await bolt.click_button(COORDINATOR, Action("edit_guidelines", 1))
    assert "Old." in str(bolt.api_calls("views.open"))
