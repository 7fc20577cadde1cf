"""Changes to a running campaign: answers per item, assigned tasks, excluded answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, case, func, or_, update
from sqlmodel import Session, col, select

from storage.queries.tasks import OPEN_STATES
from storage.tables import Assignment, AssignmentState, Expert, Membership, Quarantine, Task


def set_overlap(session: Session, campaign_id: int, overlap: int) -> int:
    """Set the overlap of all tasks of a campaign; return how many keep a higher one.

    Those have more slots taken than the new overlap allows. Tasks without text keep theirs.
    """
    is_ordinary_task = (
        col(Task.has_text),
        ~col(Task.is_deleted),
        col(Task.campaign_id) == campaign_id,
        col(Task.confirms_assignment_id).is_(None),
        col(Task.is_gold).is_(False),
    )
    new_overlap = case((col(Task.slots_taken) > overlap, col(Task.slots_taken)), else_=overlap)
    session.connection().execute(update(Task).where(*is_ordinary_task).values(overlap=new_overlap))
    above_query = select(func.count()).where(*is_ordinary_task, col(Task.overlap) > overlap)
    return session.exec(above_query).one()


def open_assignments_of(session: Session, campaign_id: int, expert_id: int) -> Sequence[Assignment]:
    """Return the open assignments of an expert in a campaign, locked, oldest first."""
    query = (
        select(Assignment)
        .where(
            Assignment.campaign_id == campaign_id,
            Assignment.expert_id == expert_id,
            col(Assignment.state).in_(OPEN_STATES),
        )
        .order_by(col(Assignment.id))
        .with_for_update()
    )
    return session.exec(query).all()


def answers_since(
    session: Session, campaign_id: int, expert_id: int, since: datetime, state: AssignmentState
) -> Sequence[Assignment]:
    """Return an expert's answers since a time that are in `state`, locked.

    Answers to deleted items, which stay quarantined, are left out.
    """
    query = (
        select(Assignment)
        .join(Task, and_(col(Task.id) == col(Assignment.task_id), ~col(Task.is_deleted)))
        .where(
            Assignment.campaign_id == campaign_id,
            Assignment.expert_id == expert_id,
            Assignment.state == state,
            col(Assignment.answered_at) >= since,
        )
        .order_by(col(Assignment.id))
        .with_for_update(of=Assignment)
    )
    return session.exec(query).all()


def count_answers_since(session: Session, campaign_id: int, expert_id: int, since: datetime) -> int:
    """Return how many answers of an expert since a time would be excluded."""
    query = (
        select(func.count())
        .select_from(Assignment)
        .where(
            Assignment.campaign_id == campaign_id,
            Assignment.expert_id == expert_id,
            Assignment.state == AssignmentState.ANSWERED,
            col(Assignment.answered_at) >= since,
        )
    )
    return session.exec(query).one()


def excluded_counts(session: Session, campaign_id: int) -> dict[int, int]:
    """Return how many answers of a campaign are excluded, by expert."""
    query = (
        select(Assignment.expert_id, func.count())
        .join(Task, and_(col(Task.id) == col(Assignment.task_id), ~col(Task.is_deleted)))
        .where(
            Assignment.campaign_id == campaign_id,
            Assignment.state == AssignmentState.QUARANTINED,
        )
        .group_by(col(Assignment.expert_id))
    )
    return dict(session.exec(query).all())


def force_take_slot(session: Session, task_id: int) -> None:
    """Take a slot of a task, adding one if all are taken."""
    is_full = col(Task.slots_taken) >= col(Task.overlap)
    values = {
        "overlap": case((is_full, col(Task.overlap) + 1), else_=col(Task.overlap)),
        "slots_taken": col(Task.slots_taken) + 1,
    }
    session.connection().execute(update(Task).where(col(Task.id) == task_id).values(values))


def active_quarantines(session: Session, campaign_id: int) -> Sequence[tuple[Quarantine, Expert]]:
    """Return the quarantines of a campaign that are not lifted, each with its expert."""
    query = (
        select(Quarantine, Expert)
        .join(Expert, and_(col(Expert.id) == col(Quarantine.expert_id)))
        .where(Quarantine.campaign_id == campaign_id, col(Quarantine.lifted_at).is_(None))
        .order_by(col(Quarantine.id))
    )
    return session.exec(query).all()


def is_excluded(session: Session, campaign_id: int, expert_id: int) -> bool:
    """Return whether the answers of an expert in a campaign are excluded."""
    query = select(Quarantine.id).where(
        Quarantine.campaign_id == campaign_id,
        Quarantine.expert_id == expert_id,
        col(Quarantine.lifted_at).is_(None),
    )
    return session.exec(query).first() is not None


def set_left_at(
    session: Session, campaign_id: int, expert_id: int, at: datetime | None, *, if_left_at: datetime
) -> None:
    """Deactivate or reactivate a membership.

    It changes only if it is active or was left at `if_left_at`: a member who left stays out.
    """
    statement = update(Membership).where(
        col(Membership.campaign_id) == campaign_id,
        col(Membership.expert_id) == expert_id,
        or_(col(Membership.left_at).is_(None), col(Membership.left_at) == if_left_at),
    )
    session.connection().execute(statement.values(left_at=at))


def release_quarantined(session: Session, campaign_id: int, expert_id: int) -> None:
    """Release the remaining quarantined assignments, so that the same expert can get them again."""
    deleted_tasks = select(Task.id).where(
        col(Task.campaign_id) == campaign_id, col(Task.is_deleted)
    )
    statement = update(Assignment).where(
        col(Assignment.task_id).not_in(deleted_tasks),
        col(Assignment.campaign_id) == campaign_id,
        col(Assignment.expert_id) == expert_id,
        col(Assignment.state) == AssignmentState.QUARANTINED,
    )
    session.connection().execute(statement.values(state=AssignmentState.RELEASED))


def has_membership(session: Session, campaign_id: int, expert_id: int) -> bool:
    """Return whether an expert is or was a member of a campaign."""
    return session.get(Membership, (campaign_id, expert_id)) is not None


def answer_id_of(session: Session, item_id: int, slack_id: str) -> int | None:
    """Return the assignment with an expert's answer to an item, if any."""
    query = (
        select(Assignment.id)
        .join(Task, and_(col(Task.id) == col(Assignment.task_id)))
        .join(Expert, and_(col(Expert.id) == col(Assignment.expert_id)))
        .where(
            Task.item_id == item_id,
            Assignment.state == AssignmentState.ANSWERED,
            Expert.slack_id == slack_id,
            col(Task.confirms_assignment_id).is_(None),
        )
    )
    return session.exec(query).first()


def campaign_id_of_task(session: Session, task_id: int) -> int | None:
    """Return the campaign of a task, None if there is no such task."""
    return session.exec(select(Task.campaign_id).where(col(Task.id) == task_id)).first()


def campaign_id_of_answer(session: Session, assignment_id: int) -> int | None:
    """Return the campaign of an answer, None if there is no such answer."""
    query = select(Assignment.campaign_id).where(col(Assignment.id) == assignment_id)
    return session.exec(query).first()
