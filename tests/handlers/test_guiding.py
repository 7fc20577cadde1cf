"""Guidelines changed from Slack: by one, and by two at once."""

from __future__ import annotations

from typing import Any

from bot.slack import guiding as drawn
from bot.slack.guiding import Guidelines
from bot.slack.ids import Press
from storage.tables import Campaign
from tests.handlers.front import COORDINATOR, Front, submitted
from tests.slack.conftest import sent


def change(text: str, **entries: object) -> dict[str, Any]:
    """Return the window that showed version 1, with this text."""
    view = drawn.draw(Guidelines(1, "tone", 1, "Old.", ""))
    body = submitted(COORDINATOR, "guidelines", view["private_metadata"])
    body["view"]["state"]["values"] = sent(view, text=text, **entries)
    return body


async def test_a_change_counts_and_of_two_at_once_the_second_is_told(front: Front) -> None:
    front.line.campaign(guidelines="Old.")
    answer = await front.sends(change("New.", note="clearer"))
    assert "Saved as version 2" in answer.body
    late = await front.sends(change("Mine.", note="mine"))
    assert "Somebody changed these guidelines meanwhile" in late.body
    (campaign,) = front.line.workshop.rows(Campaign)
    assert (campaign.guidelines, campaign.guidelines_version) == ("New.", 2)


async def test_what_is_wrong_is_said_at_its_field(front: Front) -> None:
    front.line.campaign(guidelines="Old.")
    assert '"errors":{"note":"Say in a few words' in (await front.sends(change("New."))).body
    wrong = change("New.", note="x", link="nonsense")
    assert '"errors":{"link":' in (await front.sends(wrong)).body


async def test_without_a_name_there_are_buttons(front: Front) -> None:
    front.line.campaign(guidelines="Old.")
    assert "Guidelines of which campaign?" in await front.says(COORDINATOR, "guidelines")
    await front.presses(COORDINATOR, Press("guidelines", 1))
    assert "Old." in str(front.called("views.open"))
