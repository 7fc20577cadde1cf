"""What is said of a new campaign and of people who were sent for."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message
from bot.services.campaigns.create import CreatedCampaign
from bot.services.campaigns.invitations import Invitation, InvitationResult, MemberLookup
from bot.slack.blockkit.message import Message
from bot.slack.views.campaign_created import render_created, render_invited
from storage.tables import Role
from tests.slack.conftest import message_yaml

MANY = [f"U{number:04}" for number in range(50)]

GATHERED = {
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


def taken(message: Message) -> bool:
    """Say whether Slack takes a message."""
    return check_message({"text": message.text, "blocks": message.blocks}) == []


@pytest.mark.parametrize("case", GATHERED)
def test_who_was_let_in_is_told(case: str, snapshot: SnapshotAssertion) -> None:
    message = render_invited(*GATHERED[case])
    assert taken(message)
    assert message_yaml(message) == snapshot


@pytest.mark.parametrize(
    "now",
    [
        CreatedCampaign(3, "good-jokes", "Good <jokes>", "rating", 0, 0),
        CreatedCampaign(3, "jokes", "jokes", "rating", 4, 1),
    ],
    ids=["empty", "stocked"],
)
def test_a_new_campaign_is_told_with_what_can_be_done(
    now: CreatedCampaign, snapshot: SnapshotAssertion
) -> None:
    message = render_created(now)
    assert taken(message)
    assert message_yaml(message) == snapshot
