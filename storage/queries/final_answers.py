"""Final answers: an export that freezes makes the answers it contains final."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.tables import Assignment, AssignmentState, Task


def freeze_answers(session: Session, campaign_id: int, finalized_by: str) -> int:
    """Make a campaign's complete answers final; return how many became final.

    `finalized_by` names what makes them final. Answers that are final already keep their own.
    Repeats are in no export, so they stay as they are.
    """
    repeats = select(Task.id).where(Task.campaign_id == campaign_id, col(Task.is_repeat))
    statement = (
        update(Assignment)
        .where(
            col(Assignment.campaign_id) == campaign_id,
            col(Assignment.state) == AssignmentState.ANSWERED,
            col(Assignment.complete),
            col(Assignment.finalized_by).is_(None),
            col(Assignment.task_id).not_in(repeats),
        )
        .values(finalized_by=finalized_by)
    )
    return session.connection().execute(statement).rowcount


def unfreeze_answers(session: Session, campaign_id: int, finalized_by: str) -> None:
    """Undo `freeze_answers` for an export that was not written."""
    statement = update(Assignment).where(
        col(Assignment.campaign_id) == campaign_id, col(Assignment.finalized_by) == finalized_by
    )
    session.connection().execute(statement.values(finalized_by=None))
