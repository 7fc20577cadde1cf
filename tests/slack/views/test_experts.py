"""Inviting people and seeing to experts: two modals and a list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message, check_view
from bot.services.campaigns.invitations import ExpertDetails, Invitation
from bot.services.campaigns.lifecycle import CampaignOption
from bot.slack.views import experts
from bot.slack.views.experts import MAX_EXPERTS_PER_PAGE, ExpertSubmission, InviteSubmission
from storage.tables import CampaignState, Role
from tests.slack.conftest import as_yaml, message_yaml, objects_in, submitted_state, visible_text

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TONE = CampaignOption(3, "tone", "Tone", "comparison", CampaignState.OPEN)
JOKES = CampaignOption(4, "jokes", "Jokes", "rating", CampaignState.PAUSED)
ADA = ExpertDetails(7, "U1ADA", "Ada", ("law",), ("en", "de"), Role.SENIOR, None, ("tone",))
BO = ExpertDetails(8, "U1BO", "Bo", (), (), None, NOW, ())

MORE = f"list_experts:{MAX_EXPERTS_PER_PAGE}"

BEGUN = {
    "nothing": InviteSubmission(Invitation(()), (), ()),
    "everything": InviteSubmission(
        Invitation(("U1ADA",), "tone", ("law",), ("en",), Role.COORDINATOR), ("S1",), ("C1",)
    ),
}


@pytest.mark.parametrize("begun", BEGUN)
@pytest.mark.parametrize("campaigns", [[], [TONE, JOKES]], ids=["no campaign", "two"])
def test_the_modal_to_invite(
    begun: str, campaigns: list[CampaignOption], snapshot: SnapshotAssertion
) -> None:
    view = experts.invite_modal(campaigns, BEGUN[begun])
    assert check_view(view) == []
    assert as_yaml(view) == snapshot


def test_what_was_begun_is_read_back() -> None:
    view = experts.invite_modal([TONE, JOKES], BEGUN["everything"])
    assert experts.parse_invite_modal(submitted_state(view)) == BEGUN["everything"]
    assert (
        experts.parse_invite_modal(submitted_state(experts.invite_modal([], BEGUN["nothing"])))
        == BEGUN["nothing"]
    )
    only = experts.parse_invite_modal(
        submitted_state(experts.invite_modal([TONE], BEGUN["nothing"]))
    )
    assert only.invitation.campaign == "tone"


@pytest.mark.parametrize("one", [ADA, BO], ids=["ada", "bo"])
def test_the_modal_of_an_expert(one: ExpertDetails, snapshot: SnapshotAssertion) -> None:
    view = experts.expert_modal(one, [TONE, JOKES])
    assert check_view(view) == []
    assert as_yaml(view) == snapshot
    assert experts.parse_expert_modal(submitted_state(view)) == ExpertSubmission(
        one.domains, one.languages, one.role, one.campaigns
    )


def test_without_campaigns_there_are_none_to_choose() -> None:
    assert (
        experts.parse_expert_modal(submitted_state(experts.expert_modal(ADA, []))).campaigns is None
    )


def test_the_list_of_experts(snapshot: SnapshotAssertion) -> None:
    message = experts.render_expert_list([ADA, BO], 0, 3)
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert message_yaml(message) == snapshot


def test_a_long_list_comes_page_by_page() -> None:
    many = [replace(BO, id=number) for number in range(1, 46)]
    first = experts.render_expert_list(many, 0, 3)
    assert check_message({"text": first.text, "blocks": first.blocks}) == []
    (more,) = (one["value"] for one in objects_in(first.blocks) if one.get("action_id") == MORE)
    assert more == f"3::{MAX_EXPERTS_PER_PAGE}"
    assert "More" not in visible_text(
        experts.render_expert_list(many, 2 * MAX_EXPERTS_PER_PAGE, 3).blocks
    )
    assert visible_text(experts.render_expert_list([], 0, 0).blocks) == experts.NO_EXPERTS_TEXT
