"""Role grants: who was granted which role, and by whom."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import Session, col, select

from storage.tables import Role, RoleGrant


def grants_of(session: Session, slack_id: str) -> Sequence[RoleGrant]:
    """Return the grants of one person."""
    return session.exec(select(RoleGrant).where(RoleGrant.slack_id == slack_id)).all()


def roles_of(session: Session, slack_id: str) -> set[str]:
    """Return the roles granted to one person."""
    return set(session.exec(select(RoleGrant.role).where(col(RoleGrant.slack_id) == slack_id)))


def slack_ids_with_role(session: Session, role: Role) -> Sequence[str]:
    """Return the people who were granted a role, in order of their Slack ids, with repetitions."""
    query = select(RoleGrant.slack_id).where(col(RoleGrant.role) == role)
    return session.exec(query.order_by(RoleGrant.slack_id)).all()


def list_roles(session: Session) -> Sequence[tuple[str, str]]:
    """Return the Slack id and the role of every grant."""
    return session.exec(select(RoleGrant.slack_id, RoleGrant.role)).all()


def grants_from_sources(session: Session, role: Role, source_prefix: str) -> Sequence[RoleGrant]:
    """Return the grants of a role whose source begins with `source_prefix`."""
    query = select(RoleGrant).where(
        RoleGrant.role == role, col(RoleGrant.source).startswith(source_prefix)
    )
    return session.exec(query).all()


def delete_grant(session: Session, slack_id: str, role: Role, source: str) -> None:
    """Delete the grant of a role to one person from one source."""
    statement = delete(RoleGrant).where(
        col(RoleGrant.slack_id) == slack_id,
        col(RoleGrant.role) == role,
        col(RoleGrant.source) == source,
    )
    session.connection().execute(statement)
