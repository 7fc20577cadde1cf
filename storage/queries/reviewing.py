"""What waits for a reviewer: tasks by why somebody should look, what was said, what was decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.tables import (
    Assignment,
    AssignmentState,
    Campaign,
    CampaignState,
    Decision,
    Expert,
    Flag,
    Task,
)

ANSWERED = AssignmentState.ANSWERED


def campaigns(session: Session, campaign_id: int | None) -> Sequence[Campaign]:
    """Return one campaign, or all that are not closed, the oldest first."""
    chosen = select(Campaign).order_by(col(Campaign.id))
    if campaign_id is None:
        return session.exec(chosen.where(Campaign.state != CampaignState.CLOSED)).all()
    return session.exec(chosen.where(Campaign.id == campaign_id)).all()


def flagged(session: Session, campaign_id: int, beside: str) -> Sequence[int]:
    """Return the tasks with an open flag, in order; not those that `beside` had themselves."""
    chosen = (
        select(Task.id)
        .join(Assignment, and_(col(Assignment.task_id) == col(Task.id)))
        .join(Flag, and_(col(Flag.assignment_id) == col(Assignment.id)))
        .where(
            Task.campaign_id == campaign_id,
            col(Flag.resolved_at).is_(None),
            ~_had_by(beside),
        )
        .distinct()
        .order_by(col(Task.id))
    )
    return [found or 0 for found in session.exec(chosen)]


def set_aside(session: Session, campaign_id: int, beside: str) -> Sequence[int]:
    """Return the tasks that nobody gets until somebody has looked, in order."""
    chosen = (
        select(Task.id)
        .where(
            Task.campaign_id == campaign_id,
            col(Task.set_aside_at).is_not(None),
            ~_had_by(beside),
        )
        .order_by(col(Task.id))
    )
    return [found or 0 for found in session.exec(chosen)]


def undecided(session: Session, campaign_id: int, beside: str) -> set[int]:
    """Return the tasks with all the answers they want about which nobody has decided.

    Not gold, whose answer is known, and not those that `beside` answered themselves.
    """
    given = (
        select(func.count())
        .where(col(Assignment.task_id) == col(Task.id), Assignment.state == ANSWERED)
        .scalar_subquery()
    )
    chosen = select(Task.id).where(
        Task.campaign_id == campaign_id,
        col(Task.is_gold).is_(False),
        col(Task.confirms).is_(None),
        given >= col(Task.overlap),
        ~_is_decided(),
        ~_had_by(beside),
    )
    return {found or 0 for found in session.exec(chosen)}


def _had_by(slack_id: str) -> ColumnElement[bool]:
    theirs, person = aliased(Assignment), aliased(Expert)
    return exists().where(
        col(theirs.task_id) == col(Task.id),
        col(theirs.state) == ANSWERED,
        col(person.id) == col(theirs.expert_id),
        col(person.slack_id) == slack_id,
    )


def _is_decided() -> ColumnElement[bool]:
    """Say whether the newest decision about a task decides something."""
    later = aliased(Decision)
    has_later = exists().where(
        col(later.task_id) == col(Decision.task_id), col(later.id) > col(Decision.id)
    )
    return exists().where(
        col(Decision.task_id) == col(Task.id), col(Decision.value).is_not(None), ~has_later
    )


def answers(session: Session, task_ids: Collection[int]) -> Sequence[Assignment]:
    """Return the answers that stand to some tasks, by task and then by assignment."""
    chosen = select(Assignment).where(
        col(Assignment.task_id).in_(task_ids), Assignment.state == ANSWERED
    )
    return session.exec(chosen.order_by(col(Assignment.task_id), col(Assignment.id))).all()


def flags_of(session: Session, task_id: int) -> Sequence[Flag]:
    """Return the open flags of a task, the oldest first."""
    chosen = (
        select(Flag)
        .join(Assignment, and_(col(Assignment.id) == col(Flag.assignment_id)))
        .where(Assignment.task_id == task_id, col(Flag.resolved_at).is_(None))
        .order_by(col(Flag.id))
    )
    return session.exec(chosen).all()


def decision_of(session: Session, task_id: int) -> Decision | None:
    """Return the newest decision about a task, if there is any."""
    chosen = select(Decision).where(Decision.task_id == task_id)
    return session.exec(chosen.order_by(col(Decision.id).desc()).limit(1)).first()


def decisions(session: Session, campaign_id: int) -> dict[int, Decision]:
    """Return the newest decision about each item of a campaign, by item."""
    chosen: Any = (
        select(Task.item_id, Decision)
        .join(Decision, and_(col(Decision.task_id) == col(Task.id)))
        .where(Task.campaign_id == campaign_id)
        .order_by(col(Decision.id))
    )
    return dict(session.exec(chosen).all())


def lock(session: Session, task_id: int, by: str | None) -> None:
    """Make the answers to a task final, or let them be changed again."""
    ours = update(Assignment).where(col(Assignment.task_id) == task_id)
    session.connection().execute(ours.values(locked_by=by))


def resolve_flags(session: Session, flags: Iterable[Flag], how: str, by: str, at: datetime) -> None:
    """Write down what became of flags."""
    for flag in flags:
        flag.resolution, flag.resolved_by, flag.resolved_at = how, by, at
        session.add(flag)


def is_answered_by(session: Session, task_id: int, slack_id: str) -> bool:
    """Say whether a person gave one of the answers to a task."""
    chosen = select(Task.id).where(Task.id == task_id, _had_by(slack_id))
    return session.exec(chosen).first() is not None
