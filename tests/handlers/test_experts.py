"""Inviting people and seeing to experts, typed and by modals."""

from __future__ import annotations

from typing import Any

import pytest

from bot.services.campaigns import invitations as service
from bot.services.campaigns.invitations import Invitation
from bot.slack.parsing.action_ids import Action
from bot.slack.views import experts as drawn
from bot.slack.views.experts import InviteSubmission
from storage.tables import Role
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload
from tests.slack.conftest import submitted_state


def modal(name: str, view: dict[str, Any], metadata: str = "", **entries: object) -> dict[str, Any]:
    """Return a modal that is sent as it was opened, but for these entries."""
    body = submission_payload(COORDINATOR, name, metadata)
    body["view"]["state"]["values"] = submitted_state(view, **entries)
    return body


async def test_who_is_typed_is_sent_for(front: BoltApp) -> None:
    front.slack.create_campaign()
    text = "<@U0ADA|ada> @linguists <#C1|general> domain=law language=en,de role=senior tone"
    assert "I ask Slack" in await front.send_command(COORDINATOR, f"invite {text}")
    (row,) = await front.slack.outbox()
    assert row.payload == {
        "people": ["U0ADA"],
        "groups": ["@linguists"],
        "channels": ["C1"],
        "campaign": "tone",
        "domains": ["law"],
        "languages": ["en", "de"],
        "role": "senior",
    }


@pytest.mark.parametrize("text", ["", "tone", "<@U0ADA|ada>"])
async def test_with_less_the_modal_asks_for_the_rest(front: BoltApp, text: str) -> None:
    front.slack.create_campaign()
    await front.send_command(COORDINATOR, f"invite {text}")
    (opened,) = front.api_calls("views.open")
    assert ("U0ADA" in str(opened)) == ("U0ADA" in text)


async def test_what_is_wrong_is_said_before_anybody_is_sent_for(front: BoltApp) -> None:
    assert "I do not know “colour=”" in await front.send_command(COORDINATOR, "invite colour=red")
    assert "no campaign" in await front.send_command(COORDINATOR, "invite <@U0ADA> nowhere")
    empty = modal("invite", drawn.invite_modal([], InviteSubmission(Invitation(()), (), ())))
    assert '"errors":{"people":"Choose somebody' in (await front.send(empty)).body
    assert await front.slack.outbox() == []


async def test_the_modal_sends_for_people_too(front: BoltApp) -> None:
    front.slack.create_campaign()
    await front.click_button(COORDINATOR, Action("invite", 1))
    assert "tone" in str(front.api_calls("views.open"))
    view = drawn.invite_modal([], InviteSubmission(Invitation(("U0ADA",)), (), ()))
    answer = await front.send(modal("invite", view))
    assert "I ask Slack" in answer.body
    (row,) = await front.slack.outbox()
    assert row.message_type == "gather"


async def test_an_expert_is_edited(front: BoltApp) -> None:
    ada = front.slack.add_expert()
    front.slack.create_campaign(ada)
    await front.click_button(COORDINATOR, Action("expert", 1))
    assert ada.id in str(front.api_calls("views.open"))
    one = front.slack.database.read_now(service.expert_by_id, 1, ())
    view = drawn.expert_modal(one, [])
    role = {"value": "senior"}
    await front.send(modal("expert", view, "1", domains="law", role=role))
    changed = front.slack.database.read_now(service.expert_by_id, 1, ())
    assert (changed.domains, changed.role, changed.campaigns) == (("law",), Role.SENIOR, ("tone",))
    gone = await front.send(modal("expert", view, "nonsense"))
    assert "not there any more" in gone.body


async def test_the_list_goes_on(front: BoltApp) -> None:
    front.slack.create_campaign(front.slack.add_expert("ada"), front.slack.add_expert("bo"))
    assert await front.send_command(COORDINATOR, "experts") == "2 experts"
    await front.click_button(COORDINATOR, Action("roster", 1, "", "1"))
    await front.click_button(COORDINATOR, Action("roster", 0, "", "x"))
    first, second = (str(said["blocks"]) for said in front.slack.response_url_server.posted)
    assert first.count("expert:") < second.count("expert:")
