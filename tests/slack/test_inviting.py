"""Inviting people and seeing to experts: two modals and a list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message, check_view
from bot.services.inviting import Invitation, Known
from bot.services.steering import Named
from bot.slack import inviting
from bot.slack.inviting import MOST_LISTED, Edited, Sent
from storage.tables import CampaignState, Role
from tests.slack.conftest import as_sent, as_yaml, objects_in, sent, told

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TONE = Named(3, "tone", "Tone", "comparison", CampaignState.OPEN)
JOKES = Named(4, "jokes", "Jokes", "rating", CampaignState.PAUSED)
ADA = Known(7, "U1ADA", "Ada", ("law",), ("en", "de"), Role.SENIOR, None, ("tone",))
BO = Known(8, "U1BO", "Bo", (), (), None, NOW, ())

MORE = f"roster:{MOST_LISTED}"

BEGUN = {
    "nothing": Sent(Invitation(()), (), ()),
    "everything": Sent(
        Invitation(("U1ADA",), "tone", ("law",), ("en",), Role.COORDINATOR), ("S1",), ("C1",)
    ),
}


@pytest.mark.parametrize("begun", BEGUN)
@pytest.mark.parametrize("campaigns", [[], [TONE, JOKES]], ids=["no campaign", "two"])
def test_the_modal_to_invite(
    begun: str, campaigns: list[Named], snapshot: SnapshotAssertion
) -> None:
    view = inviting.window(campaigns, BEGUN[begun])
    assert check_view(view) == []
    assert as_yaml(view) == snapshot


def test_what_was_begun_is_read_back() -> None:
    view = inviting.window([TONE, JOKES], BEGUN["everything"])
    assert inviting.read(sent(view)) == BEGUN["everything"]
    assert inviting.read(sent(inviting.window([], BEGUN["nothing"]))) == BEGUN["nothing"]
    only = inviting.read(sent(inviting.window([TONE], BEGUN["nothing"])))
    assert only.invitation.campaign == "tone"


@pytest.mark.parametrize("one", [ADA, BO], ids=["ada", "bo"])
def test_the_modal_of_an_expert(one: Known, snapshot: SnapshotAssertion) -> None:
    view = inviting.expert(one, [TONE, JOKES])
    assert check_view(view) == []
    assert as_yaml(view) == snapshot
    assert inviting.edited(sent(view)) == Edited(
        one.domains, one.languages, one.role, one.campaigns
    )


def test_without_campaigns_there_are_none_to_choose() -> None:
    assert inviting.edited(sent(inviting.expert(ADA, []))).campaigns is None


def test_the_list_of_experts(snapshot: SnapshotAssertion) -> None:
    drawn = inviting.roster([ADA, BO], 0, 3)
    assert check_message({"text": drawn.text, "blocks": drawn.blocks}) == []
    assert as_sent(drawn) == snapshot


def test_a_long_list_comes_page_by_page() -> None:
    many = [replace(BO, id=number) for number in range(1, 46)]
    first = inviting.roster(many, 0, 3)
    assert check_message({"text": first.text, "blocks": first.blocks}) == []
    (more,) = (one["value"] for one in objects_in(first.blocks) if one.get("action_id") == MORE)
    assert more == f"3::{MOST_LISTED}"
    assert "More" not in told(inviting.roster(many, 2 * MOST_LISTED, 3).blocks)
    assert told(inviting.roster([], 0, 0).blocks) == inviting.NONE
