"""Making answers final: what a freezing export holds can no longer be changed."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Session, col

from storage.tables import Assignment, AssignmentState


def freeze(session: Session, campaign_id: int, name: str) -> int:
    """Make every answer of a campaign final that counts now; return how many.

    `name` is what it is called that made them final; what was final before keeps its own.
    """
    frozen = (
        update(Assignment)
        .where(
            col(Assignment.campaign_id) == campaign_id,
            col(Assignment.state) == AssignmentState.ANSWERED,
            col(Assignment.complete),
            col(Assignment.locked_by).is_(None),
        )
        .values(locked_by=name)
    )
    return session.connection().execute(frozen).rowcount


def thaw(session: Session, campaign_id: int, name: str) -> None:
    """Let the answers change again that an export froze which was never written."""
    thawed = update(Assignment).where(
        col(Assignment.campaign_id) == campaign_id, col(Assignment.locked_by) == name
    )
    session.connection().execute(thawed.values(locked_by=None))
