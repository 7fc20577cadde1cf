"""Letting people in: pools, what they know, roles; and taking them out again."""

from __future__ import annotations

import pytest

from bot.services import campaigning, granting, inviting
from bot.services.auditing import SLACK
from bot.services.checking import BadExpertError
from bot.services.directing import By
from bot.services.granting import OwnRoleError, RoleByGroupError
from bot.services.inviting import BadTagsError, Invitation, Invited, Known, UnknownExpertError
from storage.tables import Expert, Role
from tests.services.conftest import Workshop, pair

ADA, BO, CORA = "U0ADA", "U0BO", "U0CORA"


def by(workshop: Workshop, person: str = CORA) -> By:
    """Return the hand of a coordinator in Slack."""
    return By(person, SLACK, workshop.now)


def invites(workshop: Workshop, *people: str, **wanted: object) -> Invited:
    """Let somebody in."""
    invitation = Invitation(people, **wanted)  # type: ignore[arg-type]  # whatever it may say
    return workshop.database.write_now(inviting.invite, invitation, by(workshop))


def known(workshop: Workshop) -> dict[str, Known]:
    """Return all experts by Slack id."""
    found = workshop.database.read_now(inviting.known, ())
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
    assert inviting.tags(text) == read


@pytest.mark.parametrize("text", [",".join(map(str, range(21))), "x" * 81])
def test_too_many_tags_are_refused(text: str) -> None:
    with pytest.raises(BadTagsError):
        inviting.tags(text)


def test_people_join_with_what_they_know_and_a_role(workshop: Workshop) -> None:
    workshop.creates()
    first = invites(workshop, ADA, campaign="tone", domains=["Law"], role=Role.SENIOR)
    again = invites(workshop, ADA, BO, campaign="tone", languages=["en"])
    assert (first.new, again.new, again.there) == ((ADA,), (BO,), (ADA,))
    ada = known(workshop)[ADA]
    assert (ada.domains, ada.languages, ada.role) == (("Law",), ("en",), Role.SENIOR)
    assert ada.campaigns == ("tone",)
    assert workshop.database.read_now(inviting.knowing, ["law", "birds"]) == [ADA]
    assert workshop.database.read_now(inviting.knowing, []) == []


def test_without_a_campaign_only_what_is_said_is_written_down(workshop: Workshop) -> None:
    assert invites(workshop, ADA, domains=["law"]) == Invited("", (), ())
    assert known(workshop)[ADA].campaigns == ()


def test_who_is_nobody_is_refused_and_nobody_is_let_in(workshop: Workshop) -> None:
    workshop.creates()
    with pytest.raises(BadExpertError):
        invites(workshop, ADA, "nonsense", campaign="tone")
    assert workshop.count("membership") == 0


def test_who_is_taken_out_gets_no_more_and_may_come_back(workshop: Workshop) -> None:
    workshop.creates(experts=[ADA])
    workshop.imports("tone", [pair(1)])
    one = known(workshop)[ADA]
    workshop.database.write_now(inviting.place, one, [], by(workshop))
    assert known(workshop)[ADA].campaigns == ()
    assert not workshop.directs("tone", inviting.leave, ADA, by(workshop))
    back = invites(workshop, ADA, campaign="tone")
    assert back.new == (ADA,)
    workshop.database.write_now(inviting.place, known(workshop)[ADA], ["tone"], by(workshop))
    assert known(workshop)[ADA].campaigns == ("tone",)


def test_closed_campaigns_are_nobodys_any_more(workshop: Workshop) -> None:
    workshop.creates(experts=[ADA])
    workshop.directs("tone", campaigning.close, workshop.by)
    assert known(workshop)[ADA].campaigns == ()


def test_a_role_is_given_and_taken_but_never_ones_own(workshop: Workshop) -> None:
    invites(workshop, ADA, domains=[])
    for role in (Role.SENIOR, Role.COORDINATOR, None):
        workshop.database.write_now(inviting.give_role, ADA, role, by(workshop))
        assert known(workshop)[ADA].role == role
    with pytest.raises(OwnRoleError):
        workshop.database.write_now(inviting.give_role, CORA, None, by(workshop))


def test_a_role_that_follows_a_group_is_taken_there(workshop: Workshop) -> None:
    workshop.database.write_now(granting.follow, Role.SENIOR, "S1", [ADA], workshop.now)
    with pytest.raises(RoleByGroupError, match="S1"):
        workshop.database.write_now(inviting.give_role, ADA, None, by(workshop))


def test_an_expert_who_never_was_is_told_so(workshop: Workshop) -> None:
    with pytest.raises(UnknownExpertError):
        workshop.database.read_now(inviting.known_by_id, 7, ())


def test_an_expert_is_found_by_their_number(workshop: Workshop) -> None:
    invites(workshop, ADA, domains=["law"])
    (row,) = workshop.rows(Expert)
    one = workshop.database.read_now(inviting.known_by_id, row.id, (ADA,))
    assert (one.slack_id, one.role) == (ADA, Role.COORDINATOR)
