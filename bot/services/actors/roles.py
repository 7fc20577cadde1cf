"""Who may do what: coordinators by the settings, by a user group, or by another coordinator's hand.

Every deed is checked against the person who acts, never against what a payload claims.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.errors import BotError
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import CLOCK
from storage.queries import upsert
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.tables import Role, RoleGrant, WorkspaceSetting

FOLLOWED_GROUPS_SETTING = "groups followed"
"""Under this name is kept which groups were asked about, and when."""

GROUP_SOURCE_PREFIX = "group "
"""How the source of a role begins that follows a user group; its id comes after it."""


class NotCoordinatorError(BotError):
    """Only coordinators can {deed}; ask one of them to do it for you."""


class NotSeniorError(BotError):
    """Only coordinators and senior experts can {deed}; ask one of them to do it for you."""


class OwnRoleError(BotError):
    """You cannot take your own role away; ask another coordinator to do it."""


class RoleByGroupError(BotError):
    """That role follows the user group {group}; take them out of it in Slack."""


def role_of(
    session: Session, slack_id: str, configured_coordinators: Collection[str]
) -> Role | None:
    """Return the highest role that a person has, None for an expert or a stranger.

    `by_setting` are the Slack ids of those who are coordinators by LABELBOT_COORDINATORS.
    """
    if slack_id in configured_coordinators:
        return Role.COORDINATOR
    query = select(RoleGrant.role).where(col(RoleGrant.slack_id) == slack_id)
    roles = set(session.exec(query))
    return next((role for role in (Role.COORDINATOR, Role.SENIOR) if role in roles), None)


def coordinator_ids(session: Session, configured_coordinators: Collection[str]) -> list[str]:
    """Return the Slack ids of all coordinators, those by the setting first, each once."""
    query = select(RoleGrant.slack_id).where(col(RoleGrant.role) == Role.COORDINATOR)
    return list(
        dict.fromkeys((*configured_coordinators, *session.exec(query.order_by(RoleGrant.slack_id))))
    )


def require_role(role: Role | None, required_role: Role | None, activity: str) -> None:
    """Let pass who has the role, or a higher one, that a deed needs (None: anybody).

    Raises:
        NotCoordinatorError, NotSeniorError: they may not do `deed`, as in “close campaigns”.
    """
    if required_role is None or role in (Role.COORDINATOR, required_role):
        return
    raise (NotCoordinatorError if required_role == Role.COORDINATOR else NotSeniorError)(
        deed=activity
    )


def grant_role(session: Session, slack_id: str, role: Role, actor: Actor) -> bool:
    """Give somebody a role by hand; False: they have it by hand already."""
    held = _manual_grant(session, slack_id, role)
    if held:
        return False
    session.add(RoleGrant(slack_id=slack_id, role=role, source=actor.name, created_at=actor.at))
    session.flush()
    actor.record(session, "gave a role", f"person {slack_id}", role=role.value)
    return True


def revoke_roles(session: Session, slack_id: str, actor: Actor) -> int:
    """Take every role away that was given by hand; return how many.

    Raises:
        OwnRoleError: it is one's own: nobody locks themselves out by accident.
        RoleByGroupError: a user group still gives it.
    """
    if slack_id == actor.name:
        raise OwnRoleError
    grants = session.exec(select(RoleGrant).where(RoleGrant.slack_id == slack_id)).all()
    by_group = [one.source for one in grants if one.source.startswith(GROUP_SOURCE_PREFIX)]
    if by_group:
        raise RoleByGroupError(group=by_group[0].removeprefix(GROUP_SOURCE_PREFIX))
    for one in grants:
        session.delete(one)
        actor.record(session, "took a role", f"person {slack_id}", role=one.role)
    return len(grants)


def _manual_grant(session: Session, slack_id: str, role: Role) -> RoleGrant | None:
    query = select(RoleGrant).where(RoleGrant.slack_id == slack_id, RoleGrant.role == role)
    grants = session.exec(query).all()
    return next((one for one in grants if not one.source.startswith(GROUP_SOURCE_PREFIX)), None)


def roles_by_slack_id(
    session: Session, configured_coordinators: Collection[str]
) -> dict[str, Role]:
    """Return the highest role of everybody who has one, by Slack id."""
    found = dict.fromkeys(configured_coordinators, Role.COORDINATOR)
    for slack_id, role in session.exec(select(RoleGrant.slack_id, RoleGrant.role)):
        if found.get(slack_id) != Role.COORDINATOR:
            found[slack_id] = Role(role)
    return found


def sync_group_role(
    session: Session, role: Role, group: str, members: Collection[str], now: datetime
) -> int:
    """Let a role follow a user group: its members have it, who left loses it; return changes.

    Without a group nobody has the role by one.
    """
    source = f"{GROUP_SOURCE_PREFIX}{group}"
    query = select(RoleGrant).where(
        RoleGrant.role == role, col(RoleGrant.source).startswith(GROUP_SOURCE_PREFIX)
    )
    held = {(one.slack_id, one.source) for one in session.exec(query)}
    wanted = {(member, source) for member in members}
    for slack_id, old_source in held - wanted:
        statement = delete(RoleGrant).where(
            col(RoleGrant.slack_id) == slack_id,
            col(RoleGrant.role) == role,
            col(RoleGrant.source) == old_source,
        )
        session.connection().execute(statement)
    for slack_id, new_source in wanted - held:
        session.add(RoleGrant(slack_id=slack_id, role=role, source=new_source, created_at=now))
    changes = len(held ^ wanted)
    if changes:
        actor = Actor("clock", CLOCK, now)
        actor.record(session, "followed a group", f"role {role.value}", members=sorted(members))
    return changes


def claim_group_sync(
    session: Session, groups: Mapping[str, str], now: datetime, every: timedelta
) -> bool:
    """Say whether the groups are to be asked about, and write down that they are.

    They are if it is long ago, or if other groups were set. Two bots do not both ask.
    """
    acquire_advisory_lock(session, FOLLOWED_GROUPS_SETTING)
    setting = session.get(WorkspaceSetting, FOLLOWED_GROUPS_SETTING)
    if setting and setting.value == dict(groups) and now - setting.changed_at < every:
        return False
    if not any(groups.values()) and not setting:
        return False  # no role follows a group, and none ever did
    row = WorkspaceSetting(
        name=FOLLOWED_GROUPS_SETTING, value=dict(groups), changed_by="clock", changed_at=now
    )
    upsert.upsert_row(session, row)
    return True
