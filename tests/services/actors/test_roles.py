"""Who may do what: the higher role does what the lower may, and nobody gives themselves one."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.services.actors import roles as role_service
from bot.services.actors.roles import NotCoordinatorError, NotSeniorError, require_role, role_of
from storage.tables import Role, RoleGrant
from tests.services.conftest import NOW, Scenario


def grant(workshop: Scenario, slack_id: str, role: Role, source: str = "U0BOSS") -> None:
    """Give a role to somebody."""

    def give(session: Session) -> None:
        session.add(RoleGrant(slack_id=slack_id, role=role, source=source, created_at=NOW))

    workshop.database.write_now(give)


def test_a_role_comes_from_the_settings_or_from_a_grant(workshop: Scenario) -> None:
    grant(workshop, "U1", Role.SENIOR)
    grant(workshop, "U2", Role.COORDINATOR, "S0GROUP")
    grant(workshop, "U2", Role.SENIOR)
    roles = {
        one: workshop.database.read_now(role_of, one, ("U0BOSS",))
        for one in ("U0BOSS", "U1", "U2", "U3")
    }
    assert roles == {
        "U0BOSS": Role.COORDINATOR,
        "U1": Role.SENIOR,
        "U2": Role.COORDINATOR,
        "U3": None,
    }


@pytest.mark.parametrize(
    ("has", "needs", "refusal"),
    [
        (None, None, None),
        (None, Role.SENIOR, NotSeniorError),
        (None, Role.COORDINATOR, NotCoordinatorError),
        (Role.SENIOR, Role.SENIOR, None),
        (Role.SENIOR, Role.COORDINATOR, NotCoordinatorError),
        (Role.COORDINATOR, Role.SENIOR, None),
        (Role.COORDINATOR, Role.COORDINATOR, None),
    ],
)
def test_the_higher_role_may_do_what_the_lower_may(
    has: Role | None, needs: Role | None, refusal: type[Exception] | None
) -> None:
    if refusal is None:
        require_role(has, needs, "decide")
    else:
        with pytest.raises(refusal, match="can decide; ask one of them"):
            require_role(has, needs, "decide")


def test_a_role_by_hand_is_given_once_and_written_down(workshop: Scenario) -> None:
    give = role_service.grant_role
    assert workshop.database.write_now(give, "U0ADA", Role.SENIOR, workshop.by)
    assert not workshop.database.write_now(give, "U0ADA", Role.SENIOR, workshop.by)
    assert workshop.audit_log() == [("gave a role", "person U0ADA")]


def test_a_role_follows_its_group_and_leaves_those_given_by_hand_alone(workshop: Scenario) -> None:
    follow, role = role_service.sync_group_role, Role.COORDINATOR
    workshop.database.write_now(role_service.grant_role, "U0HAND", role, workshop.by)

    def follows(group: str, *members: str) -> tuple[int, set[str]]:
        changes = workshop.database.write_now(follow, role, group, members, workshop.now)
        return changes, set(workshop.database.read_now(role_service.roles_by_slack_id, ()))

    assert follows("S1", "U0ADA", "U0HAND") == (2, {"U0ADA", "U0HAND"})
    assert follows("S1", "U0ADA", "U0HAND") == (0, {"U0ADA", "U0HAND"})
    assert follows("S1", "U0BO") == (3, {"U0BO", "U0HAND"})
    assert follows("S2", "U0BO") == (2, {"U0BO", "U0HAND"})
    assert follows("") == (1, {"U0HAND"})


def test_the_highest_role_counts(workshop: Scenario) -> None:
    for role in (Role.COORDINATOR, Role.SENIOR):
        workshop.database.write_now(role_service.grant_role, "U0ADA", role, workshop.by)
    found = workshop.database.read_now(role_service.roles_by_slack_id, ("U0BOSS",))
    assert found == {"U0BOSS": Role.COORDINATOR, "U0ADA": Role.COORDINATOR}
