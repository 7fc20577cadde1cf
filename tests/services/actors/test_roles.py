"""Roles: where they come from, what each permits, and how they follow a user group."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.services.actors import roles as role_service
from bot.services.actors.roles import NotCoordinatorError, NotSeniorError, require_role, role_of
from storage.tables import Role, RoleGrant
from tests.services.conftest import NOW, Scenario


def grant(scenario: Scenario, slack_id: str, role: Role, source: str = "U0BOSS") -> None:
    """Add a role grant."""

    def add_grant(session: Session) -> None:
        session.add(RoleGrant(slack_id=slack_id, role=role, source=source, created_at=NOW))

    scenario.database.write_now(add_grant)


def test_role_comes_from_configuration_or_grant(scenario: Scenario) -> None:
    grant(scenario, "U1", Role.SENIOR)
    grant(scenario, "U2", Role.COORDINATOR, "S0GROUP")
    grant(scenario, "U2", Role.SENIOR)
    roles = {
        slack_id: scenario.database.read_now(role_of, slack_id, ("U0BOSS",))
        for slack_id in ("U0BOSS", "U1", "U2", "U3")
    }
    assert roles == {
        "U0BOSS": Role.COORDINATOR,
        "U1": Role.SENIOR,
        "U2": Role.COORDINATOR,
        "U3": None,
    }


@pytest.mark.parametrize(
    ("role", "required_role", "error"),
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
def test_higher_role_permits_what_lower_role_does(
    role: Role | None, required_role: Role | None, error: type[Exception] | None
) -> None:
    if error is None:
        require_role(role, required_role, "decide")
    else:
        with pytest.raises(error, match="can decide; ask one of them"):
            require_role(role, required_role, "decide")


def test_manual_role_is_granted_once_and_audited(scenario: Scenario) -> None:
    grant_role, actor = role_service.grant_role, scenario.actor
    assert scenario.database.write_now(grant_role, "U0ADA", Role.SENIOR, actor)
    assert not scenario.database.write_now(grant_role, "U0ADA", Role.SENIOR, actor)
    assert scenario.audit_log() == [("granted a role", "expert U0ADA")]


def test_group_role_follows_members_and_keeps_manual_grants(scenario: Scenario) -> None:
    role, manual = Role.COORDINATOR, "U0HAND"
    scenario.database.write_now(role_service.grant_role, manual, role, scenario.actor)

    def sync(group: str, *members: str) -> tuple[int, set[str]]:
        changes = scenario.database.write_now(
            role_service.sync_group_role, role, group, members, scenario.now
        )
        return changes, set(scenario.database.read_now(role_service.roles_by_slack_id, ()))

    assert sync("S1", "U0ADA", manual) == (2, {"U0ADA", manual})
    assert sync("S1", "U0ADA", manual) == (0, {"U0ADA", manual})
    assert sync("S1", "U0BO") == (3, {"U0BO", manual})
    assert sync("S2", "U0BO") == (2, {"U0BO", manual})
    assert sync("") == (1, {manual})


def test_highest_role_counts(scenario: Scenario) -> None:
    for role in (Role.COORDINATOR, Role.SENIOR):
        scenario.database.write_now(role_service.grant_role, "U0ADA", role, scenario.actor)
    roles = scenario.database.read_now(role_service.roles_by_slack_id, ("U0BOSS",))
    assert roles == {"U0BOSS": Role.COORDINATOR, "U0ADA": Role.COORDINATOR}
