"""Who may do what: coordinators by the settings, by a user group, or by another coordinator's hand.

Every deed is checked against the person who acts, never against what a payload claims.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, select

from bot.errors import BotError
from storage.tables import Role, RoleGrant


class NotCoordinatorError(BotError):
    """Only coordinators can {deed}; ask one of them to do it for you."""


class NotSeniorError(BotError):
    """Only coordinators and senior experts can {deed}; ask one of them to do it for you."""


def role_of(session: Session, slack_id: str, by_setting: Collection[str]) -> Role | None:
    """Return the highest role that a person has, None for an expert or a stranger.

    `by_setting` are the Slack ids of those who are coordinators by LABELBOT_COORDINATORS.
    """
    if slack_id in by_setting:
        return Role.COORDINATOR
    chosen = select(RoleGrant.role).where(col(RoleGrant.slack_id) == slack_id)
    roles = set(session.exec(chosen))
    return next((role for role in (Role.COORDINATOR, Role.SENIOR) if role in roles), None)


def check_role(has: Role | None, needs: Role | None, deed: str) -> None:
    """Let pass who has the role, or a higher one, that a deed needs (None: anybody).

    Raises:
        NotCoordinatorError, NotSeniorError: they may not do `deed`, as in “close campaigns”.
    """
    if needs is None or has in (Role.COORDINATOR, needs):
        return
    raise (NotCoordinatorError if needs == Role.COORDINATOR else NotSeniorError)(deed=deed)
