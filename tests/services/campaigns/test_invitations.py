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


def by(workshop: Scenario, person: str = CORA) -> Actor:
    """Return the hand of a coordinator in Slack."""
    return Actor(person, SLACK, workshop.now)


def invites(workshop: Scenario, *people: str, **wanted: object) -> InvitationResult:
    """Let somebody in."""
    invitation = Invitation(people, **wanted)  # type: ignore[arg-type]  # whatever it may say
    return workshop.database.write_now(invitations.invite, invitation, by(workshop))


def known(workshop: Scenario) -> dict[str, ExpertDetails]:
    """Return all experts by Slack id."""
    found = workshop.database.read_now(invitations.list_experts, ())
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


def test_people_join_with_what_they_know_and_a_role(workshop: Scenario) -> None:
    workshop.create_campaign()
    first = invites(workshop, ADA, campaign="tone", domains=["Law"], role=Role.SENIOR)
    again = invites(workshop, ADA, BO, campaign="tone", languages=["en"])
    assert (first.added, again.added, again.existing) == ((ADA,), (BO,), (ADA,))
    ada = known(workshop)[ADA]
    assert (ada.domains, ada.languages, ada.role) == (("Law",), ("en",), Role.SENIOR)
    assert ada.campaigns == ("tone",)
    assert workshop.database.read_now(invitations.experts_in_domains, ["law", "birds"]) == [ADA]
    assert workshop.database.read_now(invitations.experts_in_domains, []) == []


def test_without_a_campaign_only_what_is_said_is_written_down(workshop: Scenario) -> None:
    assert invites(workshop, ADA, domains=["law"]) == InvitationResult("", (), ())
    assert known(workshop)[ADA].campaigns == ()


def test_who_is_nobody_is_refused_and_nobody_is_let_in(workshop: Scenario) -> None:
    workshop.create_campaign()
    with pytest.raises(BadSlackIdError):
        invites(workshop, ADA, "nonsense", campaign="tone")
    assert workshop.count("membership") == 0


def test_who_is_taken_out_gets_no_more_and_may_come_back(workshop: Scenario) -> None:
    workshop.create_campaign(experts=[ADA])
    workshop.import_rows("tone", [pair(1)])
    one = known(workshop)[ADA]
    workshop.database.write_now(invitations.set_campaigns, one, [], by(workshop))
    assert known(workshop)[ADA].campaigns == ()
    assert not workshop.run_for_campaign("tone", invitations.remove_expert, ADA, by(workshop))
    back = invites(workshop, ADA, campaign="tone")
    assert back.added == (ADA,)
    workshop.database.write_now(
        invitations.set_campaigns, known(workshop)[ADA], ["tone"], by(workshop)
    )
    assert known(workshop)[ADA].campaigns == ("tone",)


def test_closed_campaigns_are_nobodys_any_more(workshop: Scenario) -> None:
    workshop.create_campaign(experts=[ADA])
    workshop.run_for_campaign("tone", campaigns.close, workshop.by)
    assert known(workshop)[ADA].campaigns == ()


def test_a_role_is_given_and_taken_but_never_ones_own(workshop: Scenario) -> None:
    invites(workshop, ADA, domains=[])
    for role in (Role.SENIOR, Role.COORDINATOR, None):
        workshop.database.write_now(invitations.set_role, ADA, role, by(workshop))
        assert known(workshop)[ADA].role == role
    with pytest.raises(OwnRoleError):
        workshop.database.write_now(invitations.set_role, CORA, None, by(workshop))


def test_a_role_that_follows_a_group_is_taken_there(workshop: Scenario) -> None:
    workshop.database.write_now(roles.sync_group_role, Role.SENIOR, "S1", [ADA], workshop.now)
    with pytest.raises(RoleByGroupError, match="S1"):
        workshop.database.write_now(invitations.set_role, ADA, None, by(workshop))


def test_an_expert_who_never_was_is_told_so(workshop: Scenario) -> None:
    with pytest.raises(UnknownExpertError):
        workshop.database.read_now(invitations.expert_by_id, 7, ())


def test_an_expert_is_found_by_their_number(workshop: Scenario) -> None:
    invites(workshop, ADA, domains=["law"])
    (row,) = workshop.rows(Expert)
    one = workshop.database.read_now(invitations.expert_by_id, row.id, (ADA,))
    assert (one.slack_id, one.role) == (ADA, Role.COORDINATOR)
