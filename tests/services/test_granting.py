"""Who may do what: the higher role does what the lower may, and nobody gives themselves one."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.services.granting import NotCoordinatorError, NotSeniorError, check_role, role_of
from storage.tables import Role, RoleGrant
from tests.services.conftest import NOW, Workshop


def grant(workshop: Workshop, slack_id: str, role: Role, source: str = "U0BOSS") -> None:
    """Give a role to somebody."""

    def give(session: Session) -> None:
        session.add(RoleGrant(slack_id=slack_id, role=role, source=source, created_at=NOW))

    workshop.database.write_now(give)


def test_a_role_comes_from_the_settings_or_from_a_grant(workshop: Workshop) -> None:
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
        check_role(has, needs, "decide")
    else:
        with pytest.raises(refusal, match="can decide; ask one of them"):
            check_role(has, needs, "decide")
