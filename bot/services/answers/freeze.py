"""Making answers final: what a freezing export holds can no longer be changed."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Session, col

from storage.tables import Assignment, AssignmentState


def freeze_answers(session: Session, campaign_id: int, finalized_by: str) -> int:
    """Make every answer of a campaign final that counts now; return how many.

    `name` is what it is called that made them final; what was final before keeps its own.
    """
    statement = (
        update(Assignment)
        .where(
            col(Assignment.campaign_id) == campaign_id,
            col(Assignment.state) == AssignmentState.ANSWERED,
            col(Assignment.complete),
            col(Assignment.finalized_by).is_(None),
        )
        .values(finalized_by=finalized_by)
    )
    return session.connection().execute(statement).rowcount


def unfreeze_answers(session: Session, campaign_id: int, finalized_by: str) -> None:
    """Let the answers change again that an export froze which was never written."""
    statement = update(Assignment).where(
        col(Assignment.campaign_id) == campaign_id, col(Assignment.finalized_by) == finalized_by
    )
    session.connection().execute(statement.values(finalized_by=None))
