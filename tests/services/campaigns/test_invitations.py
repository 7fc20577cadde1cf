"""Inviting experts, and changing their campaigns, domains, languages and role."""

from __future__ import annotations

import pytest

from bot.services.actors import roles
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.actors.roles import OwnRoleError, RoleByGroupError
from bot.services.campaigns import campaigns, invitations
from bot.services.campaigns.invitations import (
    BadTagsError,
    ExpertDetails,
    Invitation,
    InvitationResult,
    UnknownExpertError,
)
from bot.services.campaigns.validation import BadSlackIdError
from storage.tables import Expert, Role
from tests.services.conftest import Scenario, pair

ADA, BO, CORA = "U0ADA", "U0BO", "U0CORA"


def coordinator(scenario: Scenario, person: str = CORA) -> Actor:
    """Return a coordinator in Slack."""
    return Actor(person, SLACK, scenario.now)


def invite(scenario: Scenario, *people: str, **options: object) -> InvitationResult:
    """Invite people."""
    invitation = Invitation(people, **options)  # type: ignore[arg-type]  # any of its fields
    return scenario.database.write_now(invitations.invite, invitation, coordinator(scenario))


def experts_by_slack_id(scenario: Scenario) -> dict[str, ExpertDetails]:
    """Return all experts by Slack id."""
    experts = scenario.database.read_now(invitations.list_experts, ())
    return {expert.slack_id: expert for expert in experts}


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", ()),
        ("law", ("law",)),
        (" law,, sports   medicine ,law", ("law", "sports medicine")),
    ],
)
def test_tags_are_parsed_without_repetitions(text: str, tags: tuple[str, ...]) -> None:
    assert invitations.parse_tags(text) == tags


@pytest.mark.parametrize("text", [",".join(map(str, range(21))), "x" * 81])
def test_too_many_or_long_tags_are_refused(text: str) -> None:
    with pytest.raises(BadTagsError):
        invitations.parse_tags(text)


def test_invitation_sets_campaign_domains_and_role(scenario: Scenario) -> None:
    scenario.create_campaign()
    first = invite(scenario, ADA, campaign="tone", domains=["Law"], role=Role.SENIOR)
    again = invite(scenario, ADA, BO, campaign="tone", languages=["en"])
    assert (first.added, again.added, again.existing) == ((ADA,), (BO,), (ADA,))
    ada = experts_by_slack_id(scenario)[ADA]
    assert (ada.domains, ada.languages, ada.role) == (("Law",), ("en",), Role.SENIOR)
    assert ada.campaigns == ("tone",)
    assert scenario.database.read_now(invitations.experts_in_domains, ["law", "birds"]) == [ADA]
    assert scenario.database.read_now(invitations.experts_in_domains, []) == []


def test_invitation_without_campaign_adds_experts_to_none(scenario: Scenario) -> None:
    assert invite(scenario, ADA, domains=["law"]) == InvitationResult("", (ADA,), ())
    assert invite(scenario, ADA, BO) == InvitationResult("", (BO,), (ADA,))
    experts = experts_by_slack_id(scenario)
    assert (experts[ADA].campaigns, experts[BO].campaigns) == ((), ())


def test_invalid_slack_id_adds_nobody(scenario: Scenario) -> None:
    scenario.create_campaign()
    with pytest.raises(BadSlackIdError):
        invite(scenario, ADA, "nonsense", campaign="tone")
    assert scenario.count("membership") == 0


def test_removed_expert_can_be_added_again(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    scenario.import_rows("tone", [pair(1)])
    ada = experts_by_slack_id(scenario)[ADA]
    scenario.database.write_now(invitations.set_campaigns, ada, [], coordinator(scenario))
    assert experts_by_slack_id(scenario)[ADA].campaigns == ()
    assert not scenario.run_for_campaign(
        "tone", invitations.remove_expert, ADA, coordinator(scenario)
    )
    result = invite(scenario, ADA, campaign="tone")
    assert result.added == (ADA,)
    scenario.database.write_now(
        invitations.set_campaigns,
        experts_by_slack_id(scenario)[ADA],
        ["tone"],
        coordinator(scenario),
    )
    assert experts_by_slack_id(scenario)[ADA].campaigns == ("tone",)


def test_closed_campaigns_are_not_listed(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    scenario.run_for_campaign("tone", campaigns.close, scenario.actor)
    assert experts_by_slack_id(scenario)[ADA].campaigns == ()


def test_role_can_be_set_and_removed_but_not_ones_own(scenario: Scenario) -> None:
    invite(scenario, ADA, domains=[])
    for role in (Role.SENIOR, Role.COORDINATOR, None):
        scenario.database.write_now(invitations.set_role, ADA, role, coordinator(scenario))
        assert experts_by_slack_id(scenario)[ADA].role == role
    with pytest.raises(OwnRoleError):
        scenario.database.write_now(invitations.set_role, CORA, None, coordinator(scenario))


def test_group_role_cannot_be_removed_manually(scenario: Scenario) -> None:
    scenario.database.write_now(roles.sync_group_role, Role.SENIOR, "S1", [ADA], scenario.now)
    with pytest.raises(RoleByGroupError, match="S1"):
        scenario.database.write_now(invitations.set_role, ADA, None, coordinator(scenario))


def test_unknown_expert_is_reported(scenario: Scenario) -> None:
    with pytest.raises(UnknownExpertError):
        scenario.database.read_now(invitations.expert_by_id, 7, ())


def test_expert_is_found_by_id(scenario: Scenario) -> None:
    invite(scenario, ADA, domains=["law"])
    (row,) = scenario.rows(Expert)
    expert = scenario.database.read_now(invitations.expert_by_id, row.id, (ADA,))
    assert (expert.slack_id, expert.role) == (ADA, Role.COORDINATOR)
