"""Tests of inviting people, and of listing and editing experts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.messages.campaigns import InvitationListMessage, MemberLookupMessage
from bot.services.actors import roles
from bot.services.campaigns import invitations as service
from bot.services.campaigns.invitations import Invitation
from bot.slack.blockkit.text import pluralize
from bot.slack.parsing.action_ids import Action
from bot.slack.views import experts
from bot.slack.views.experts import InviteSubmission
from storage.row_id import id_of
from storage.tables import Role
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload
from tests.slack.conftest import submitted_state


def submission(
    name: str, view: Mapping[str, Any], metadata: str = "", **entries: object
) -> dict[str, Any]:
    """Return the submission of a modal with its initial values, except these entries."""
    body = submission_payload(COORDINATOR, name, metadata)
    body["view"]["state"]["values"] = submitted_state(view, **entries)
    return body


async def test_command_queues_a_member_lookup(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    text = "<@U0ADA|ada> @linguists <#C1|general> domain=law language=en,de role=senior tone"
    reply = await bolt.send_command(COORDINATOR, f"invite {text}")
    assert "Looking these people up" in reply
    (row,) = await bolt.slack.outbox()
    assert row.payload == {
        "slack_ids": ["U0ADA"],
        "groups": ["@linguists"],
        "channels": ["C1"],
        "campaign": "tone",
        "domains": ["law"],
        "languages": ["en", "de"],
        "role": "senior",
        "coordinators": [COORDINATOR],
    }


async def test_channel_is_listed_first_and_added_without_coordinators(bolt: BoltApp) -> None:
    ada, boss, bob, cy = (
        bolt.slack.sandbox.add_user(name) for name in ("ada", "boss", "bob", "cy")
    )
    bolt.slack.create_campaign(ada)
    bolt.slack.database.write_now(
        roles.grant_role, cy.id, Role.COORDINATOR, bolt.slack.scenario.actor
    )
    channel = bolt.slack.sandbox.add_channel("linguists", members=[ada, boss, bob, cy]).id
    lookup = MemberLookupMessage(channels=(channel,), campaign="tone", coordinators=(boss.id,))
    await bolt.slack.enqueue(lookup, cy.id)
    await bolt.slack.deliver_all()
    (shown,) = [one for one in cy.messages if "Found 1 person to add to “tone”" in one.plain_text]
    assert "Already members: 1 person" in shown.plain_text
    listed = (await bolt.slack.outbox())[-1]
    assert listed.payload["slack_ids"] == [bob.id]
    assert set(listed.payload["coordinators"]) == {boss.id, cy.id}
    for option, added in (("experts", [bob.id]), ("all", [bob.id, boss.id, cy.id])):
        action = Action("confirm_invitation", id_of(listed), "", option)
        await bolt.click_button(cy.id, action)
        assert f"Adding {pluralize(len(added), 'person')}." in bolt.ephemeral_texts()[-1]
        queued = (await bolt.slack.outbox())[-1]
        assert queued.message_type == "member_lookup"
        assert sorted(queued.payload["slack_ids"]) == sorted(added)
        assert "channels" not in queued.payload


@pytest.mark.parametrize("message_id", [1, 99])
async def test_list_of_another_person_cannot_be_confirmed(bolt: BoltApp, message_id: int) -> None:
    bolt.slack.create_campaign()
    await bolt.slack.enqueue(InvitationListMessage(("U1",), campaign="tone"), "U0OTHER")
    await bolt.click_button(COORDINATOR, Action("confirm_invitation", message_id, "", "all"))
    assert bolt.ephemeral_texts()[-1].startswith("This list is no longer available.")
    assert len(await bolt.slack.outbox()) == 1


@pytest.mark.parametrize("text", ["", "tone", "<@U0ADA|ada>"])
async def test_dialog_asks_for_missing_arguments(bolt: BoltApp, text: str) -> None:
    bolt.slack.create_campaign()
    await bolt.send_command(COORDINATOR, f"invite {text}")
    (call,) = bolt.api_calls("views.open")
    assert ("U0ADA" in str(call)) == ("U0ADA" in text)


async def test_invalid_invitation_is_reported_at_once(bolt: BoltApp) -> None:
    assert "Unknown option “color=”" in await bolt.send_command(COORDINATOR, "invite color=red")
    assert "no campaign" in await bolt.send_command(COORDINATOR, "invite <@U0ADA> nowhere")
    view = experts.invite_modal([], InviteSubmission(Invitation(()), (), ()))
    response = await bolt.send(submission("invite", view))
    assert '"errors":{"people":"Choose at least one' in response.body
    assert await bolt.slack.outbox() == []


async def test_dialog_queues_a_member_lookup(bolt: BoltApp) -> None:
    bolt.slack.create_campaign()
    await bolt.click_button(COORDINATOR, Action("invite", 1))
    assert "tone" in str(bolt.api_calls("views.open"))
    view = experts.invite_modal([], InviteSubmission(Invitation(("U0ADA",)), (), ()))
    response = await bolt.send(submission("invite", view))
    assert "Looking these people up" in response.body
    (row,) = await bolt.slack.outbox()
    assert row.message_type == "member_lookup"


async def test_dialog_edits_an_expert(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    await bolt.click_button(COORDINATOR, Action("edit_expert", 1))
    assert ada.id in str(bolt.api_calls("views.open"))
    view = experts.expert_modal(bolt.slack.database.read_now(service.expert_by_id, 1, ()), [])
    role = {"value": "senior"}
    await bolt.send(submission("edit_expert", view, "1", domains="law", role=role))
    edited = bolt.slack.database.read_now(service.expert_by_id, 1, ())
    assert (edited.domains, edited.role, edited.campaigns) == (("law",), Role.SENIOR, ("tone",))
    response = await bolt.send(submission("edit_expert", view, "nonsense"))
    assert "no longer exists" in response.body


async def test_button_shows_the_next_page_of_the_list(bolt: BoltApp) -> None:
    bolt.slack.create_campaign(bolt.slack.add_expert("ada"), bolt.slack.add_expert("bo"))
    assert await bolt.send_command(COORDINATOR, "experts") == "2 experts"
    await bolt.click_button(COORDINATOR, Action("list_experts", 1, "", "1"))
    await bolt.click_button(COORDINATOR, Action("list_experts", 0, "", "x"))
    messages = bolt.slack.response_url_server.posted
    first, second = (str(message["blocks"]) for message in messages)
    assert first.count("expert:") < second.count("expert:")
