"""Messages about a new campaign and about invited people."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.messages.campaigns import InvitationListMessage
from bot.sandbox.blockkit import check_message
from bot.services.campaigns.create import CreatedCampaign
from bot.services.campaigns.invitations import Invitation, InvitationResult, MemberLookup
from bot.slack.blockkit.message import Message
from bot.slack.views.campaign_created import (
    render_created,
    render_invitation_list,
    render_invited,
)
from storage.tables import Role
from tests.slack.conftest import message_yaml

MANY = [f"U{number:04}" for number in range(50)]

NEEDS_GOLD = (
    "The practice needs 3 more gold items. No new expert gets tasks before you import them."
)


def test_new_campaign_with_practice_needs_gold_items() -> None:
    created = CreatedCampaign(3, "tone", "Tone", 2, 0, missing_gold=3)
    assert NEEDS_GOLD in render_created(created).text


INVITATIONS = {
    "joined": (
        MemberLookup(["U1ADA", "U1BO"], 1),
        InvitationResult("jokes", ("U1ADA",), ("U1BO",)),
        Invitation(["U1ADA", "U1BO"], "jokes"),
    ),
    "nobody new": (
        MemberLookup(["U1BO"]),
        InvitationResult("jokes", (), ("U1BO",)),
        Invitation(["U1BO"], "jokes"),
    ),
    "no campaign": (
        MemberLookup(["U1BO"]),
        InvitationResult("", (), ()),
        Invitation(["U1BO"], role=Role.SENIOR),
    ),
    "problems": (
        MemberLookup([], 0, ["There is no user group @<!here>."]),
        InvitationResult("jokes", (), ()),
        Invitation([], "jokes"),
    ),
    "nobody": (MemberLookup(), InvitationResult("", (), ()), Invitation([])),
    "many": (
        MemberLookup(MANY),
        InvitationResult("jokes", tuple(MANY), ()),
        Invitation(MANY, "jokes"),
    ),
}


def is_accepted(message: Message) -> bool:
    """Return whether Slack accepts a message."""
    return check_message({"text": message.text, "blocks": message.blocks}) == []


@pytest.mark.parametrize("case", INVITATIONS)
def test_invitation_result_matches_snapshot(case: str, snapshot: SnapshotAssertion) -> None:
    message = render_invited(*INVITATIONS[case])
    assert is_accepted(message)
    assert message_yaml(message) == snapshot


@pytest.mark.parametrize("case", INVITATIONS)
def test_notification_of_invitations_is_a_complete_text(case: str) -> None:
    text = render_invited(*INVITATIONS[case]).text
    assert text == " ".join(text.split())
    assert text.endswith(".")
    assert not {": ;", ": .", ": ,", ", ,"} & {text[at : at + 3] for at in range(len(text))}


LISTS = {
    "with coordinators": InvitationListMessage(("U1", "U2"), ("U9",), ("U3",), 1, (), "jokes"),
    "only coordinators": InvitationListMessage((), ("U9",), campaign="jokes"),
    "nobody new": InvitationListMessage((), (), ("U3",), campaign="jokes"),
    "many": InvitationListMessage(tuple(MANY), role="senior"),
}


@pytest.mark.parametrize("case", LISTS)
def test_list_of_a_channel_matches_snapshot(case: str, snapshot: SnapshotAssertion) -> None:
    message = render_invitation_list(LISTS[case], 7)
    assert is_accepted(message)
    assert message_yaml(message) == snapshot


@pytest.mark.parametrize(
    "campaign",
    [
        CreatedCampaign(3, "good-jokes", "Good <jokes>", 0, 0),
        CreatedCampaign(3, "jokes", "jokes", 4, 1),
    ],
    ids=["empty", "ready"],
)
def test_new_campaign_matches_snapshot(
    campaign: CreatedCampaign, snapshot: SnapshotAssertion
) -> None:
    message = render_created(campaign)
    assert is_accepted(message)
    assert message_yaml(message) == snapshot
