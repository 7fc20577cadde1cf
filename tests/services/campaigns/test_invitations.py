"""Letting people in: pools, what they know, roles; and taking them out again."""

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


def by(scenario: Scenario, person: str = CORA) -> Actor:
    """Return the hand of a coordinator in Slack."""
    return Actor(person, SLACK, scenario.now)


def invites(scenario: Scenario, *people: str, **wanted: object) -> InvitationResult:
    """Let somebody in."""
    invitation = Invitation(people, **wanted)  # type: ignore[arg-type]  # whatever it may say
    return scenario.database.write_now(invitations.invite, invitation, by(scenario))


def known(scenario: Scenario) -> dict[str, ExpertDetails]:
    """Return all experts by Slack id."""
    found = scenario.database.read_now(invitations.list_experts, ())
    return {one.slack_id: one for one in found}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", ()),
        ("law", ("law",)),
        (" law,, sports   medicine ,law", ("law", "sports medicine")),
    ],
)
def test_tags_are_read_each_once(text: str, read: tuple[str, ...]) -> None:
    assert invitations.parse_tags(text) == read


@pytest.mark.parametrize("text", [",".join(map(str, range(21))), "x" * 81])
def test_too_many_tags_are_refused(text: str) -> None:
    with pytest.raises(BadTagsError):
        invitations.parse_tags(text)


def test_people_join_with_what_they_know_and_a_role(scenario: Scenario) -> None:
    scenario.create_campaign()
    first = invites(scenario, ADA, campaign="tone", domains=["Law"], role=Role.SENIOR)
    again = invites(scenario, ADA, BO, campaign="tone", languages=["en"])
    assert (first.added, again.added, again.existing) == ((ADA,), (BO,), (ADA,))
    ada = known(scenario)[ADA]
    assert (ada.domains, ada.languages, ada.role) == (("Law",), ("en",), Role.SENIOR)
    assert ada.campaigns == ("tone",)
    assert scenario.database.read_now(invitations.experts_in_domains, ["law", "birds"]) == [ADA]
    assert scenario.database.read_now(invitations.experts_in_domains, []) == []


def test_without_a_campaign_only_what_is_said_is_written_down(scenario: Scenario) -> None:
    assert invites(scenario, ADA, domains=["law"]) == InvitationResult("", (), ())
    assert known(scenario)[ADA].campaigns == ()


def test_who_is_nobody_is_refused_and_nobody_is_let_in(scenario: Scenario) -> None:
    scenario.create_campaign()
    with pytest.raises(BadSlackIdError):
        invites(scenario, ADA, "nonsense", campaign="tone")
    assert scenario.count("membership") == 0


def test_who_is_taken_out_gets_no_more_and_may_come_back(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    scenario.import_rows("tone", [pair(1)])
    one = known(scenario)[ADA]
    scenario.database.write_now(invitations.set_campaigns, one, [], by(scenario))
    assert known(scenario)[ADA].campaigns == ()
    assert not scenario.run_for_campaign("tone", invitations.remove_expert, ADA, by(scenario))
    back = invites(scenario, ADA, campaign="tone")
    assert back.added == (ADA,)
    scenario.database.write_now(
        invitations.set_campaigns, known(scenario)[ADA], ["tone"], by(scenario)
    )
    assert known(scenario)[ADA].campaigns == ("tone",)


def test_closed_campaigns_are_nobodys_any_more(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    scenario.run_for_campaign("tone", campaigns.close, scenario.actor)
    assert known(scenario)[ADA].campaigns == ()


def test_a_role_is_given_and_taken_but_never_ones_own(scenario: Scenario) -> None:
    invites(scenario, ADA, domains=[])
    for role in (Role.SENIOR, Role.COORDINATOR, None):
        scenario.database.write_now(invitations.set_role, ADA, role, by(scenario))
        assert known(scenario)[ADA].role == role
    with pytest.raises(OwnRoleError):
        scenario.database.write_now(invitations.set_role, CORA, None, by(scenario))


def test_a_role_that_follows_a_group_is_taken_there(scenario: Scenario) -> None:
    scenario.database.write_now(roles.sync_group_role, Role.SENIOR, "S1", [ADA], scenario.now)
    with pytest.raises(RoleByGroupError, match="S1"):
        scenario.database.write_now(invitations.set_role, ADA, None, by(scenario))


def test_an_expert_who_never_was_is_told_so(scenario: Scenario) -> None:
    with pytest.raises(UnknownExpertError):
        scenario.database.read_now(invitations.expert_by_id, 7, ())


def test_an_expert_is_found_by_their_number(scenario: Scenario) -> None:
    invites(scenario, ADA, domains=["law"])
    (row,) = scenario.rows(Expert)
    one = scenario.database.read_now(invitations.expert_by_id, row.id, (ADA,))
    assert (one.slack_id, one.role) == (ADA, Role.COORDINATOR)
