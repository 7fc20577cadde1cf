"""Changing a campaign that is under way: places, tasks held, answers that count or do not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, case, func, or_, update
from sqlmodel import Session, col, select

from storage.queries.tasks import OPEN_STATES
from storage.tables import Assignment, AssignmentState, Expert, Item, Membership, Quarantine, Task


def set_overlap(session: Session, campaign_id: int, overlap: int) -> int:
    """Let every task want `overlap` answers; return how many keep more, because they have them."""
    is_ordinary_task = (
        col(Task.campaign_id) == campaign_id,
        col(Task.confirms_assignment_id).is_(None),
        col(Task.is_gold).is_(False),
    )
    wanted = case((col(Task.slots_taken) > overlap, col(Task.slots_taken)), else_=overlap)
    session.connection().execute(update(Task).where(*is_ordinary_task).values(overlap=wanted))
    above = select(func.count()).where(*is_ordinary_task, col(Task.overlap) > overlap)
    return session.exec(above).one()


def open_assignments_of(session: Session, campaign_id: int, expert_id: int) -> Sequence[Assignment]:
    """Return the open assignments of one expert in a campaign, locked, the oldest first."""
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
    """Return one expert's answers from a moment on that are in a state, locked."""
    query = (
        select(Assignment)
        .where(
            Assignment.campaign_id == campaign_id,
            Assignment.expert_id == expert_id,
            Assignment.state == state,
            col(Assignment.answered_at) >= since,
        )
        .order_by(col(Assignment.id))
        .with_for_update()
    )
    return session.exec(query).all()


def force_take_slot(session: Session, task_id: int) -> None:
    """Take a place of a task, with one more than it had where all are taken."""
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
    """Say whether what an expert answers in a campaign is left out."""
    query = select(Quarantine.id).where(
        Quarantine.campaign_id == campaign_id,
        Quarantine.expert_id == expert_id,
        col(Quarantine.lifted_at).is_(None),
    )
    return session.exec(query).first() is not None


def set_left_at(
    session: Session, campaign_id: int, expert_id: int, at: datetime | None, *, if_left_at: datetime
) -> None:
    """Let somebody get nothing more in a campaign, or again; who left by themselves stays so."""
    statement = update(Membership).where(
        col(Membership.campaign_id) == campaign_id,
        col(Membership.expert_id) == expert_id,
        or_(col(Membership.left_at).is_(None), col(Membership.left_at) == if_left_at),
    )
    session.connection().execute(statement.values(left_at=at))


def release_quarantined(session: Session, campaign_id: int, expert_id: int) -> None:
    """Let what was left out and is no answer any more be given to the same person again."""
    statement = update(Assignment).where(
        col(Assignment.campaign_id) == campaign_id,
        col(Assignment.expert_id) == expert_id,
        col(Assignment.state) == AssignmentState.QUARANTINED,
    )
    session.connection().execute(statement.values(state=AssignmentState.RELEASED))


def has_membership(session: Session, campaign_id: int, expert_id: int) -> bool:
    """Say whether somebody is in a campaign's pool, or was."""
    return session.get(Membership, (campaign_id, expert_id)) is not None


def answer_id_of(session: Session, campaign_id: int, key: str, slack_id: str) -> int | None:
    """Return the assignment of what an expert answered about the item called `key`, if there is."""
    query = (
        select(Assignment.id)
        .join(Task, and_(col(Task.id) == col(Assignment.task_id)))
        .join(Item, and_(col(Item.id) == col(Task.item_id)))
        .join(Expert, and_(col(Expert.id) == col(Assignment.expert_id)))
        .where(
            Assignment.campaign_id == campaign_id,
            Assignment.state == AssignmentState.ANSWERED,
            Item.key == key,
            Expert.slack_id == slack_id,
            col(Task.confirms_assignment_id).is_(None),
        )
    )
    return session.exec(query).first()
