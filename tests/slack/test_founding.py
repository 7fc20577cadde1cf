"""What is said of a new campaign and of people who were sent for."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message
from bot.services.founding import Founded
from bot.services.inviting import Invitation, Invited
from bot.slack.cards import Drawn
from bot.slack.founding import gathered, ready
from bot.slack.gathering import Gathered
from storage.tables import Role
from tests.slack.conftest import as_sent

MANY = [f"U{number:04}" for number in range(50)]

GATHERED = {
    "joined": (
        Gathered(["U1ADA", "U1BO"], 1),
        Invited("jokes", ("U1ADA",), ("U1BO",)),
        Invitation(["U1ADA", "U1BO"], "jokes"),
    ),
    "nobody new": (
        Gathered(["U1BO"]),
        Invited("jokes", (), ("U1BO",)),
        Invitation(["U1BO"], "jokes"),
    ),
    "no campaign": (
        Gathered(["U1BO"]),
        Invited("", (), ()),
        Invitation(["U1BO"], role=Role.SENIOR),
    ),
    "problems": (
        Gathered([], 0, ["There is no user group @<!here>."]),
        Invited("jokes", (), ()),
        Invitation([], "jokes"),
    ),
    "nobody": (Gathered(), Invited("", (), ()), Invitation([])),
    "many": (Gathered(MANY), Invited("jokes", tuple(MANY), ()), Invitation(MANY, "jokes")),
}


def taken(drawn: Drawn) -> bool:
    """Say whether Slack takes a message."""
    return check_message({"text": drawn.text, "blocks": drawn.blocks}) == []


@pytest.mark.parametrize("case", GATHERED)
def test_who_was_let_in_is_told(case: str, snapshot: SnapshotAssertion) -> None:
    drawn = gathered(*GATHERED[case])
    assert taken(drawn)
    assert as_sent(drawn) == snapshot


@pytest.mark.parametrize(
    "now",
    [
        Founded(3, "good-jokes", "Good <jokes>", "rating", 0, 0),
        Founded(3, "jokes", "jokes", "rating", 4, 1),
    ],
    ids=["empty", "stocked"],
)
def test_a_new_campaign_is_told_with_what_can_be_done(
    now: Founded, snapshot: SnapshotAssertion
) -> None:
    drawn = ready(now)
    assert taken(drawn)
    assert as_sent(drawn) == snapshot
