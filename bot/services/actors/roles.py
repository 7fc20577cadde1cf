"""Roles: granted by LABELBOT_COORDINATORS, by a Slack user group, or by another coordinator.

Every action is permission-checked against the person who acts, never against a payload's claim.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.errors import BotError
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import CLOCK
from storage.queries import roles as role_grants
from storage.queries import upsert
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.tables import Role, RoleGrant, WorkspaceSetting

FOLLOWED_GROUPS_SETTING = "followed_groups"
"""Name of the setting that holds which groups were last synced, and when."""

GROUP_SOURCE_PREFIX = "group:"
"""Prefix of the source of a role that follows a user group; the group's id comes after it."""


class NotCoordinatorError(BotError):
    """Only coordinators can {activity}; ask one of them to do it for you."""


class NotSeniorError(BotError):
    """Only coordinators and senior experts can {activity}; ask one of them to do it for you."""


class OwnRoleError(BotError):
    """You cannot remove your own role; ask another coordinator to do it."""


class RoleByGroupError(BotError):
    """That role comes from the user group {group}; remove the person from that group in Slack."""


def role_of(
    session: Session, slack_id: str, configured_coordinators: Collection[str]
) -> Role | None:
    """Return a person's highest role, None for an expert or a stranger.

    `configured_coordinators` are the Slack ids in LABELBOT_COORDINATORS.
    """
    if slack_id in configured_coordinators:
        return Role.COORDINATOR
    granted_roles = role_grants.roles_of(session, slack_id)
    return next((role for role in (Role.COORDINATOR, Role.SENIOR) if role in granted_roles), None)


def coordinator_ids(session: Session, configured_coordinators: Collection[str]) -> list[str]:
    """Return the Slack ids of all coordinators, each once, the configured ones first."""
    granted = role_grants.slack_ids_with_role(session, Role.COORDINATOR)
    return list(dict.fromkeys((*configured_coordinators, *granted)))


def require_role(role: Role | None, required_role: Role | None, activity: str) -> None:
    """Raise unless `role` is the required role or a higher one; None requires no role.

    Raises:
        NotCoordinatorError, NotSeniorError: the role does not permit `activity`, a phrase such as
            “close campaigns”.
    """
    if required_role is None or role in (Role.COORDINATOR, required_role):
        return
    raise (NotCoordinatorError if required_role == Role.COORDINATOR else NotSeniorError)(
        activity=activity
    )


def grant_role(session: Session, slack_id: str, role: Role, actor: Actor) -> bool:
    """Grant a role manually; return False if the person already has it from a manual grant."""
    if _manual_grant(session, slack_id, role):
        return False
    session.add(RoleGrant(slack_id=slack_id, role=role, source=actor.name, created_at=actor.at))
    session.flush()
    actor.record(session, "granted a role", f"expert {slack_id}", role=role.value)
    return True


def revoke_roles(session: Session, slack_id: str, actor: Actor) -> int:
    """Revoke a person's manually granted roles; return how many.

    Raises:
        OwnRoleError: it is the actor's own role; nobody locks themselves out by accident.
        RoleByGroupError: a role comes from a user group.
    """
    if slack_id == actor.name:
        raise OwnRoleError
    grants = role_grants.grants_of(session, slack_id)
    group_sources = [
        grant.source for grant in grants if grant.source.startswith(GROUP_SOURCE_PREFIX)
    ]
    if group_sources:
        raise RoleByGroupError(group=group_sources[0].removeprefix(GROUP_SOURCE_PREFIX))
    for grant in grants:
        session.delete(grant)
        actor.record(session, "revoked a role", f"expert {slack_id}", role=grant.role)
    return len(grants)


def _manual_grant(session: Session, slack_id: str, role: Role) -> RoleGrant | None:
    grants = role_grants.grants_of(session, slack_id)
    return next(
        (
            grant
            for grant in grants
            if grant.role == role and not grant.source.startswith(GROUP_SOURCE_PREFIX)
        ),
        None,
    )


def roles_by_slack_id(
    session: Session, configured_coordinators: Collection[str]
) -> dict[str, Role]:
    """Return the highest role of everyone who has one, by Slack id."""
    roles = dict.fromkeys(configured_coordinators, Role.COORDINATOR)
    for slack_id, role in role_grants.list_roles(session):
        if roles.get(slack_id) != Role.COORDINATOR:
            roles[slack_id] = Role(role)
    return roles


def sync_group_role(
    session: Session, role: Role, group: str, members: Collection[str], now: datetime
) -> int:
    """Grant a role to the members of a user group, and revoke it from those who left the group.

    Return the number of grants added and removed. An empty `group` revokes the role from everyone
    who had it through a group; manual grants stay.
    """
    source = f"{GROUP_SOURCE_PREFIX}{group}"
    grants = role_grants.grants_from_sources(session, role, GROUP_SOURCE_PREFIX)
    current = {(grant.slack_id, grant.source) for grant in grants}
    target = {(member, source) for member in members}
    for slack_id, old_source in current - target:
        role_grants.delete_grant(session, slack_id, role, old_source)
    for slack_id, new_source in target - current:
        session.add(RoleGrant(slack_id=slack_id, role=role, source=new_source, created_at=now))
    changes = len(current ^ target)
    if changes:
        actor = Actor("clock", CLOCK, now)
        actor.record(session, "synced a group role", f"role {role.value}", members=sorted(members))
    return changes


def claim_group_sync(
    session: Session, groups: Mapping[str, str], now: datetime, interval: timedelta
) -> bool:
    """Return whether it is time to fetch the groups' members from Slack, and record the attempt.

    It is time after `interval`, when the configured groups changed, or when the last attempt seems
    to lie ahead, because the clock was set back. An advisory lock keeps two
    processes from both fetching.
    """
    acquire_advisory_lock(session, FOLLOWED_GROUPS_SETTING)
    setting = session.get(WorkspaceSetting, FOLLOWED_GROUPS_SETTING)
    is_recent = setting is not None and timedelta() <= now - setting.changed_at < interval
    if setting and is_recent and setting.value == dict(groups):
        return False
    if not any(groups.values()) and not setting:
        return False  # no role follows a group now, and none ever did
    row = WorkspaceSetting(
        name=FOLLOWED_GROUPS_SETTING, value=dict(groups), changed_by="clock", changed_at=now
    )
    upsert.upsert_row(session, row)
    return True
