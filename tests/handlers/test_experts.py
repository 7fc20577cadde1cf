"""Inviting people and seeing to experts, typed and by modals."""

from __future__ import annotations

from typing import Any

import pytest

from bot.services.campaigns import invitations as service
from bot.services.campaigns.invitations import Invitation
from bot.slack.parsing.action_ids import Action
from bot.slack.views import experts
from bot.slack.views.experts import InviteSubmission
from storage.tables import Role
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload
from tests.slack.conftest import submitted_state


def modal(name: str, view: dict[str, Any], metadata: str = "", **entries: object) -> dict[str, Any]:
    """Return a modal that is sent as it was opened, but for these entries."""
    body = submission_payload(COORDINATOR, name, metadata)
    body["view"]["state"]["values"] = submitted_state(view, **entries)
    return body


async def test_who_is_typed_is_sent_for(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    text = "<@U0ADA|ada> @linguists <#C1|general> domain=law language=en,de role=senior tone"
    assert "I ask Slack" in await bolt.send_command(COORDINATOR, f"invite {text}")
    (row,) = await bolt.slack.outbox()
    assert row.payload == {
        "slack_ids": ["U0ADA"],
        "groups": ["@linguists"],
        "channels": ["C1"],
        "campaign": "tone",
        "domains": ["law"],
        "languages": ["en", "de"],
        "role": "senior",
    }


@pytest.mark.parametrize("text", ["", "tone", "<@U0ADA|ada>"])
async def test_with_less_the_modal_asks_for_the_rest(bolt: BoltApp, text: str) -> None:
    bolt.slack.create_campaign()
    await bolt.send_command(COORDINATOR, f"invite {text}")
    (opened,) = bolt.api_calls("views.open")
    assert ("U0ADA" in str(opened)) == ("U0ADA" in text)


async def test_what_is_wrong_is_said_before_anybody_is_sent_for(bolt: BoltApp) -> None:
    assert "I do not know “colour=”" in await bolt.send_command(COORDINATOR, "invite colour=red")
    assert "no campaign" in await bolt.send_command(COORDINATOR, "invite <@U0ADA> nowhere")
    empty = modal("invite", experts.invite_modal([], InviteSubmission(Invitation(()), (), ())))
    assert '"errors":{"people":"Choose somebody' in (await bolt.send(empty)).body
    assert await bolt.slack.outbox() == []


async def test_the_modal_sends_for_people_too(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    await bolt.click_button(COORDINATOR, Action("invite", 1))
    assert "tone" in str(bolt.api_calls("views.open"))
    view = experts.invite_modal([], InviteSubmission(Invitation(("U0ADA",)), (), ()))
    answer = await bolt.send(modal("invite", view))
    assert "I ask Slack" in answer.body
    (row,) = await bolt.slack.outbox()
    assert row.message_type == "member_lookup"


async def test_an_expert_is_edited(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    await bolt.click_button(COORDINATOR, Action("edit_expert", 1))
    assert ada.id in str(bolt.api_calls("views.open"))
    one = bolt.slack.database.read_now(service.expert_by_id, 1, ())
    view = experts.expert_modal(one, [])
    role = {"value": "senior"}
    await bolt.send(modal("edit_expert", view, "1", domains="law", role=role))
    changed = bolt.slack.database.read_now(service.expert_by_id, 1, ())
    assert (changed.domains, changed.role, changed.campaigns) == (("law",), Role.SENIOR, ("tone",))
    gone = await bolt.send(modal("edit_expert", view, "nonsense"))
    assert "not there any more" in gone.body


async def test_the_list_goes_on(bolt: BoltApp) -> None:
    bolt.slack.create_campaign(bolt.slack.add_expert("ada"), bolt.slack.add_expert("bo"))
    assert await bolt.send_command(COORDINATOR, "experts") == "2 experts"
    await bolt.click_button(COORDINATOR, Action("list_experts", 1, "", "1"))
    await bolt.click_button(COORDINATOR, Action("list_experts", 0, "", "x"))
    first, second = (str(said["blocks"]) for said in bolt.slack.response_url_server.posted)
    assert first.count("expert:") < second.count("expert:")
