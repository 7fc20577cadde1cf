"""Tasks for reviewers: flagged, on hold or undecided; with their answers, flags and decisions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.row_id import require_id
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

MAX_PARAMETERS = 1_000
"""Numbers in one statement."""


def campaigns_to_review(session: Session, campaign_id: int | None) -> Sequence[Campaign]:
    """Return one campaign, or all that are not closed, oldest first."""
    query = select(Campaign).order_by(col(Campaign.id))
    if campaign_id is None:
        return session.exec(query.where(Campaign.state != CampaignState.CLOSED)).all()
    return session.exec(query.where(Campaign.id == campaign_id)).all()


def flagged_tasks(session: Session, campaign_id: int, excluding_slack_id: str) -> Sequence[int]:
    """Return the tasks with an open flag, without those that `excluding_slack_id` answered."""
    query = (
        select(Task.id)
        .join(Assignment, and_(col(Assignment.task_id) == col(Task.id)))
        .join(Flag, and_(col(Flag.assignment_id) == col(Assignment.id)))
        .where(
            Task.campaign_id == campaign_id,
            col(Flag.resolved_at).is_(None),
            ~_has_answer_from(excluding_slack_id),
        )
        .distinct()
        .order_by(col(Task.id))
    )
    return [require_id(task_id) for task_id in session.exec(query)]


def on_hold_tasks(session: Session, campaign_id: int, excluding_slack_id: str) -> Sequence[int]:
    """Return the tasks on hold, without those that `excluding_slack_id` answered."""
    query = (
        select(Task.id)
        .where(
            Task.campaign_id == campaign_id,
            col(Task.on_hold_since).is_not(None),
            ~_has_answer_from(excluding_slack_id),
        )
        .order_by(col(Task.id))
    )
    return [require_id(task_id) for task_id in session.exec(query)]


def undecided_tasks(session: Session, campaign_id: int, excluding_slack_id: str) -> set[int]:
    """Return the tasks that have all answers they need and no decision.

    Gold tasks, whose answer is known, tasks without text, and tasks that `excluding_slack_id`
    answered are left out.
    """
    answer_count = (
        select(func.count())
        .where(col(Assignment.task_id) == col(Task.id), Assignment.state == ANSWERED)
        .scalar_subquery()
    )
    query = select(Task.id).where(
        Task.campaign_id == campaign_id,
        col(Task.is_gold).is_(False),
        col(Task.has_text),
        col(Task.confirms_assignment_id).is_(None),
        answer_count >= col(Task.overlap),
        ~_has_decision(),
        ~_has_answer_from(excluding_slack_id),
    )
    return {require_id(task_id) for task_id in session.exec(query)}


def _has_answer_from(slack_id: str) -> ColumnElement[bool]:
    answer, expert = aliased(Assignment), aliased(Expert)
    return exists().where(
        col(answer.task_id) == col(Task.id),
        col(answer.state) == ANSWERED,
        col(expert.id) == col(answer.expert_id),
        col(expert.slack_id) == slack_id,
    )


def _has_decision() -> ColumnElement[bool]:
    """Return a condition: the newest decision about the task has not been withdrawn."""
    later = aliased(Decision)
    has_later = exists().where(
        col(later.task_id) == col(Decision.task_id), col(later.id) > col(Decision.id)
    )
    return exists().where(
        col(Decision.task_id) == col(Task.id), col(Decision.value).is_not(None), ~has_later
    )


def answers_to(session: Session, task_ids: Collection[int]) -> Sequence[Assignment]:
    """Return the current answers to tasks, by task and then by assignment."""
    query = select(Assignment).where(
        col(Assignment.task_id).in_(task_ids), Assignment.state == ANSWERED
    )
    return session.exec(query.order_by(col(Assignment.task_id), col(Assignment.id))).all()


def open_flags_of(session: Session, task_id: int) -> Sequence[Flag]:
    """Return the open flags of a task, oldest first."""
    query = (
        select(Flag)
        .join(Assignment, and_(col(Assignment.id) == col(Flag.assignment_id)))
        .where(Assignment.task_id == task_id, col(Flag.resolved_at).is_(None))
        .order_by(col(Flag.id))
    )
    return session.exec(query).all()


def decision_of(session: Session, task_id: int) -> Decision | None:
    """Return the newest decision about a task, if any."""
    query = select(Decision).where(Decision.task_id == task_id)
    return session.exec(query.order_by(col(Decision.id).desc()).limit(1)).first()


def newest_decisions(session: Session, campaign_id: int, limit: int) -> Sequence[Decision]:
    """Return the newest decisions of a campaign that were not withdrawn, newest first."""
    later = aliased(Decision)
    has_later = exists().where(
        col(later.task_id) == col(Decision.task_id), col(later.id) > col(Decision.id)
    )
    query = (
        select(Decision)
        .join(Task, and_(col(Task.id) == col(Decision.task_id)))
        .where(Task.campaign_id == campaign_id, col(Decision.value).is_not(None), ~has_later)
    )
    return session.exec(query.order_by(col(Decision.id).desc()).limit(limit)).all()


def decisions_by_item(session: Session, campaign_id: int) -> dict[int, Decision]:
    """Return the newest decision about each item of a campaign, by item."""
    query: Any = (
        select(Task.item_id, Decision)
        .join(Decision, and_(col(Decision.task_id) == col(Task.id)))
        .where(Task.campaign_id == campaign_id)
        .order_by(col(Decision.id))
    )
    return dict(session.exec(query).all())


def decisions_by_id(session: Session, ids: Sequence[int]) -> dict[int, Decision]:
    """Return decisions with given numbers, by item. Those that no longer exist are missing."""
    found: dict[int, Decision] = {}
    for start in range(0, len(ids), MAX_PARAMETERS):
        query: Any = (
            select(Task.item_id, Decision)
            .join(Decision, and_(col(Decision.task_id) == col(Task.id)))
            .where(col(Decision.id).in_(ids[start : start + MAX_PARAMETERS]))
        )
        found |= dict(session.exec(query).all())
    return found


def set_finalized_by(session: Session, task_id: int, finalized_by: str | None) -> None:
    """Make the answers to a task final, or editable again (None)."""
    statement = update(Assignment).where(col(Assignment.task_id) == task_id)
    session.connection().execute(statement.values(finalized_by=finalized_by))


def resolve_flags(
    session: Session,
    flags: Iterable[Flag],
    resolution: str,
    resolved_by: str,
    resolved_at: datetime,
) -> None:
    """Record how flags were resolved."""
    for flag in flags:
        flag.resolution, flag.resolved_by, flag.resolved_at = resolution, resolved_by, resolved_at
        session.add(flag)


def is_answered_by(session: Session, task_id: int, slack_id: str) -> bool:
    """Return whether a person gave one of the answers to a task."""
    query = select(Task.id).where(Task.id == task_id, _has_answer_from(slack_id))
    return session.exec(query).first() is not None
