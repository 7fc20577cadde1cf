"""Who may do what: coordinators by the settings, by a user group, or by another coordinator's hand.

Every deed is checked against the person who acts, never against what a payload claims.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.errors import BotError
from bot.services.auditing import CLOCK
from bot.services.directing import By
from storage.queries import putting
from storage.queries.turns import one_at_a_time
from storage.tables import Role, RoleGrant, WorkspaceSetting

FOLLOWED = "groups followed"
"""Under this name is kept which groups were asked about, and when."""

GROUP = "group "
"""How the source of a role begins that follows a user group; its id comes after it."""


class NotCoordinatorError(BotError):
    """Only coordinators can {deed}; ask one of them to do it for you."""


class NotSeniorError(BotError):
    """Only coordinators and senior experts can {deed}; ask one of them to do it for you."""


class OwnRoleError(BotError):
    """You cannot take your own role away; ask another coordinator to do it."""


class RoleByGroupError(BotError):
    """That role follows the user group {group}; take them out of it in Slack."""


def role_of(session: Session, slack_id: str, by_setting: Collection[str]) -> Role | None:
    """Return the highest role that a person has, None for an expert or a stranger.

    `by_setting` are the Slack ids of those who are coordinators by LABELBOT_COORDINATORS.
    """
    if slack_id in by_setting:
        return Role.COORDINATOR
    chosen = select(RoleGrant.role).where(col(RoleGrant.slack_id) == slack_id)
    roles = set(session.exec(chosen))
    return next((role for role in (Role.COORDINATOR, Role.SENIOR) if role in roles), None)


def coordinators(session: Session, by_setting: Collection[str]) -> list[str]:
    """Return the Slack ids of all coordinators, those by the setting first, each once."""
    chosen = select(RoleGrant.slack_id).where(col(RoleGrant.role) == Role.COORDINATOR)
    return list(dict.fromkeys((*by_setting, *session.exec(chosen.order_by(RoleGrant.slack_id)))))


def check_role(has: Role | None, needs: Role | None, deed: str) -> None:
    """Let pass who has the role, or a higher one, that a deed needs (None: anybody).

    Raises:
        NotCoordinatorError, NotSeniorError: they may not do `deed`, as in “close campaigns”.
    """
    if needs is None or has in (Role.COORDINATOR, needs):
        return
    raise (NotCoordinatorError if needs == Role.COORDINATOR else NotSeniorError)(deed=deed)


def grant(session: Session, slack_id: str, role: Role, by: By) -> bool:
    """Give somebody a role by hand; False: they have it by hand already."""
    held = _by_hand(session, slack_id, role)
    if held:
        return False
    session.add(RoleGrant(slack_id=slack_id, role=role, source=by.actor, created_at=by.at))
    session.flush()
    by.record(session, "gave a role", f"person {slack_id}", role=role.value)
    return True


def revoke(session: Session, slack_id: str, by: By) -> int:
    """Take every role away that was given by hand; return how many.

    Raises:
        OwnRoleError: it is one's own: nobody locks themselves out by accident.
        RoleByGroupError: a user group still gives it.
    """
    if slack_id == by.actor:
        raise OwnRoleError
    held = session.exec(select(RoleGrant).where(RoleGrant.slack_id == slack_id)).all()
    by_group = [one.source for one in held if one.source.startswith(GROUP)]
    if by_group:
        raise RoleByGroupError(group=by_group[0].removeprefix(GROUP))
    for one in held:
        session.delete(one)
        by.record(session, "took a role", f"person {slack_id}", role=one.role)
    return len(held)


def _by_hand(session: Session, slack_id: str, role: Role) -> RoleGrant | None:
    chosen = select(RoleGrant).where(RoleGrant.slack_id == slack_id, RoleGrant.role == role)
    held = session.exec(chosen).all()
    return next((one for one in held if not one.source.startswith(GROUP)), None)


def roles(session: Session, by_setting: Collection[str]) -> dict[str, Role]:
    """Return the highest role of everybody who has one, by Slack id."""
    found = dict.fromkeys(by_setting, Role.COORDINATOR)
    for slack_id, role in session.exec(select(RoleGrant.slack_id, RoleGrant.role)):
        if found.get(slack_id) != Role.COORDINATOR:
            found[slack_id] = Role(role)
    return found


def follow(
    session: Session, role: Role, group: str, members: Collection[str], now: datetime
) -> int:
    """Let a role follow a user group: its members have it, who left loses it; return changes.

    Without a group nobody has the role by one.
    """
    source = f"{GROUP}{group}"
    chosen = select(RoleGrant).where(
        RoleGrant.role == role, col(RoleGrant.source).startswith(GROUP)
    )
    held = {(one.slack_id, one.source) for one in session.exec(chosen)}
    wanted = {(member, source) for member in members}
    for slack_id, was in held - wanted:
        gone = delete(RoleGrant).where(
            col(RoleGrant.slack_id) == slack_id,
            col(RoleGrant.role) == role,
            col(RoleGrant.source) == was,
        )
        session.connection().execute(gone)
    for slack_id, came in wanted - held:
        session.add(RoleGrant(slack_id=slack_id, role=role, source=came, created_at=now))
    changes = len(held ^ wanted)
    if changes:
        by = By("clock", CLOCK, now)
        by.record(session, "followed a group", f"role {role.value}", members=sorted(members))
    return changes


def is_time_to_follow(
    session: Session, groups: Mapping[str, str], now: datetime, every: timedelta
) -> bool:
    """Say whether the groups are to be asked about, and write down that they are.

    They are if it is long ago, or if other groups were set. Two bots do not both ask.
    """
    one_at_a_time(session, FOLLOWED)
    kept = session.get(WorkspaceSetting, FOLLOWED)
    if kept and kept.value == dict(groups) and now - kept.changed_at < every:
        return False
    if not any(groups.values()) and not kept:
        return False  # no role follows a group, and none ever did
    row = WorkspaceSetting(name=FOLLOWED, value=dict(groups), changed_by="clock", changed_at=now)
    putting.put(session, row)
    return True
