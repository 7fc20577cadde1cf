"""The modal that invites people, the list of experts, and the modal that edits one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.quality.gold import Accuracy
from bot.quality.reliability.peer_evidence import PeerEvidence
from bot.sandbox.blockkit import check_message, check_view
from bot.services.campaigns.invitations import ExpertDetails, Invitation
from bot.services.campaigns.lifecycle import CampaignOption
from bot.services.reports.agreement_figures import ExpertFigures
from bot.slack.views import experts
from bot.slack.views.experts import (
    MAX_EXPERTS_PER_PAGE,
    ExpertList,
    ExpertSubmission,
    InviteSubmission,
)
from storage.queries.quotas import MemberQuota
from storage.tables import CampaignState, Role
from tests.slack.conftest import as_yaml, message_yaml, objects_in, submitted_state, visible_text

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TONE = CampaignOption(3, "tone", "Tone", "comparison", CampaignState.OPEN)
JOKES = CampaignOption(4, "jokes", "Jokes", "rating", CampaignState.PAUSED)
ADA = ExpertDetails(7, "U1ADA", "Ada", ("law",), ("en", "de"), Role.SENIOR, None, ("tone",))
QUOTA = MemberQuota(7, "tone", 1_200, 2_000, 3, 20)
BO = ExpertDetails(8, "U1BO", "Bo", (), (), None, NOW, ())

NEXT_PAGE_ACTION_ID = f"list_experts:{MAX_EXPERTS_PER_PAGE}"

INITIAL = {
    "nothing": InviteSubmission(Invitation(()), (), ()),
    "everything": InviteSubmission(
        Invitation(("U1ADA",), "tone", ("law",), ("en",), Role.COORDINATOR), ("S1",), ("C1",)
    ),
}


@pytest.mark.parametrize("initial", INITIAL)
@pytest.mark.parametrize("campaigns", [[], [TONE, JOKES]], ids=["no campaign", "two"])
def test_invite_modal_matches_snapshots(
    initial: str, campaigns: list[CampaignOption], snapshot: SnapshotAssertion
) -> None:
    view = experts.invite_modal(campaigns, INITIAL[initial])
    assert check_view(view) == []
    assert as_yaml(view) == snapshot


def submit_invitation(campaigns: list[CampaignOption], initial: str) -> InviteSubmission:
    """Return the parsed values of an invite modal that is submitted unchanged."""
    view = experts.invite_modal(campaigns, INITIAL[initial])
    return experts.parse_invite_modal(submitted_state(view))


def test_submitted_invitation_keeps_its_initial_values() -> None:
    assert submit_invitation([TONE, JOKES], "everything") == INITIAL["everything"]
    assert submit_invitation([], "nothing") == INITIAL["nothing"]


def test_only_campaign_is_the_default() -> None:
    assert submit_invitation([TONE], "nothing").invitation.campaign == "tone"


@pytest.mark.parametrize("expert", [ADA, BO], ids=["ada", "bo"])
def test_expert_modal_matches_snapshots(expert: ExpertDetails, snapshot: SnapshotAssertion) -> None:
    view = experts.expert_modal(expert, [TONE, JOKES])
    assert check_view(view) == []
    assert as_yaml(view) == snapshot
    assert experts.parse_expert_modal(submitted_state(view)) == ExpertSubmission(
        expert.domains, expert.languages, expert.role, expert.campaigns
    )


def test_expert_modal_without_campaigns_has_no_campaign_input() -> None:
    view = experts.expert_modal(ADA, [])
    assert experts.parse_expert_modal(submitted_state(view)).campaigns is None


def test_expert_list_matches_snapshot(snapshot: SnapshotAssertion) -> None:
    message = experts.render_expert_list(ExpertList([ADA, BO], 3, quotas={ADA.id: [QUOTA]}), 0)
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert message_yaml(message) == snapshot


def test_long_expert_list_is_split_into_pages() -> None:
    many = [replace(BO, id=number) for number in range(1, 46)]
    first_page = experts.render_expert_list(ExpertList(many, 3), 0)
    assert check_message({"text": first_page.text, "blocks": first_page.blocks}) == []
    elements = objects_in(first_page.blocks)
    (value,) = (one["value"] for one in elements if one.get("action_id") == NEXT_PAGE_ACTION_ID)
    assert value == f"3::{MAX_EXPERTS_PER_PAGE}"
    last_page = experts.render_expert_list(ExpertList(many, 3), 2 * MAX_EXPERTS_PER_PAGE)
    assert "Show more" in visible_text(first_page.blocks)
    assert "Show more" not in visible_text(last_page.blocks)


def test_list_of_a_campaign_has_the_figures_of_each_expert() -> None:
    evidence = PeerEvidence("reversed", 9.0, 24, since=1, enough_agreement=1.0)
    figures = ExpertFigures(24, 12.0, 0.31, 48, Accuracy(3, 4, 0.2, 0.9), (evidence,))
    message = experts.render_expert_list(ExpertList([ADA, BO], 3, {ADA.id: figures}), 0)
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    text = visible_text(message.blocks).replace("\n", "")
    assert " · 24 answers · 31% agreement · gold accuracy 3 of 4 · answers the opposite" in text


def test_empty_expert_list_says_how_to_invite_people() -> None:
    assert (
        visible_text(experts.render_expert_list(ExpertList([]), 0).blocks)
        == experts.NO_EXPERTS_TEXT
    )
