"""An expert's day: what they did and how long it took, what reminded them, what waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from statistics import median

from sqlalchemy import and_, or_
from sqlmodel import Session, col, func, select

from storage.tables import (
    Annotation,
    Assignment,
    AssignmentState,
    AuditEvent,
    Campaign,
    CampaignState,
    Expert,
    Membership,
    ReminderMessage,
    Task,
)

OPEN_STATES = (AssignmentState.QUEUED, AssignmentState.DELIVERED)

MAX_ANSWERS = 200
"""Answers that say how long somebody takes: the newest, because people get quicker."""


def seconds_spent(session: Session, expert_id: int, since: datetime) -> int:
    """Return how many seconds an expert spent on tasks since then, as far as it is known.

    A version says how long its task took in all; what it took before then is left out.
    """
    mine = col(Assignment.expert_id) == expert_id
    query = (
        select(Annotation.assignment_id, func.max(Annotation.seconds))
        .join(Assignment, col(Assignment.id) == col(Annotation.assignment_id))
        .group_by(col(Annotation.assignment_id))
    )
    now = dict(session.exec(query.where(mine, col(Annotation.created_at) >= since)).all())
    earlier = query.where(
        mine, col(Annotation.created_at) < since, col(Annotation.assignment_id).in_(now)
    )
    before = dict(session.exec(earlier).all())
    return sum((total or 0) - (before.get(task) or 0) for task, total in now.items())


def count_answered(session: Session, expert_id: int, since: datetime) -> int:
    """Return how many tasks an expert answered since then."""
    query = select(func.count()).where(
        col(Assignment.expert_id) == expert_id,
        col(Assignment.state) == AssignmentState.ANSWERED,
        col(Assignment.answered_at) >= since,
    )
    return session.exec(query).one()


def median_seconds_by_kind(session: Session, expert_id: int) -> dict[str, float]:
    """Return how many seconds an answer takes an expert, by kind: the median of the newest."""
    query = (
        select(Campaign.kind, Annotation.seconds)
        .select_from(Annotation)
        .join(Assignment, col(Assignment.id) == col(Annotation.assignment_id))
        .join(Campaign, col(Campaign.id) == col(Assignment.campaign_id))
        .where(
            Assignment.expert_id == expert_id,
            col(Annotation.seconds).is_not(None),
            col(Annotation.version) == col(Assignment.version),
            col(Annotation.complete),
        )
        .order_by(col(Annotation.created_at).desc())
        .limit(MAX_ANSWERS)
    )
    seconds_by_kind: defaultdict[str, list[int]] = defaultdict(list)
    for kind, seconds in session.exec(query):
        seconds_by_kind[kind].append(seconds or 0)
    return {kind: median(known) for kind, known in seconds_by_kind.items()}


def reminder_times(session: Session, expert_id: int, since: datetime) -> list[datetime]:
    """Return when an expert was reminded since then."""
    query = select(ReminderMessage.created_at).where(
        ReminderMessage.expert_id == expert_id, col(ReminderMessage.created_at) >= since
    )
    return list(session.exec(query.order_by(col(ReminderMessage.id))))


def last_active_at(session: Session, expert: Expert, since: datetime) -> datetime | None:
    """Return when an expert last did anything since then: an answer, a look, a skip, a word."""
    mine = col(Assignment.expert_id) == expert.id
    versions = (
        select(func.max(Annotation.created_at))
        .join(Assignment, col(Assignment.id) == col(Annotation.assignment_id))
        .where(mine, col(Annotation.created_at) >= since)
    )
    looks = select(func.max(Assignment.opened_at)).where(mine, col(Assignment.opened_at) >= since)
    actions = select(func.max(AuditEvent.at)).where(
        col(AuditEvent.at) >= since, AuditEvent.actor == expert.slack_id
    )
    found = (session.exec(one).one() for one in (versions, looks, actions))
    return max((at for at in found if at), default=None)


def frequently_reminded_experts(
    session: Session, min_reminders: int, since: datetime
) -> Sequence[Expert]:
    """Return members of open campaigns who were reminded so often since then, at least."""
    reminded_often = (
        select(ReminderMessage.expert_id)
        .where(col(ReminderMessage.created_at) >= since)
        .group_by(col(ReminderMessage.expert_id))
        .having(func.count() >= min_reminders)
    )
    members = (
        select(Membership.expert_id)
        .join(Campaign, col(Campaign.id) == col(Membership.campaign_id))
        .where(Campaign.state == CampaignState.OPEN, col(Membership.left_at).is_(None))
    )
    query = select(Expert).where(
        col(Expert.id).in_(reminded_often), col(Expert.id).in_(members), col(Expert.wants_reminders)
    )
    return session.exec(query.order_by(col(Expert.id))).all()


def count_open_by_kind(session: Session, expert_id: int) -> dict[str, int]:
    """Return how many tasks of each kind an expert holds, or had and may get again."""
    may_return = and_(
        col(Assignment.state).in_((AssignmentState.EXPIRED, AssignmentState.RELEASED)),
        col(Task.slots_taken) < col(Task.overlap),
        col(Task.on_hold_since).is_(None),
    )
    is_member = and_(
        col(Membership.campaign_id) == col(Assignment.campaign_id),
        col(Membership.expert_id) == col(Assignment.expert_id),
        col(Membership.left_at).is_(None),
    )
    query = (
        select(Campaign.kind, func.count())
        .select_from(Assignment)
        .join(Campaign, col(Campaign.id) == col(Assignment.campaign_id))
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Membership, is_member)
        .where(
            Assignment.expert_id == expert_id,
            Campaign.state == CampaignState.OPEN,
            or_(col(Assignment.state).in_(OPEN_STATES), may_return),
        )
        .group_by(col(Campaign.kind))
    )
    return dict(session.exec(query).all())


def lock_open_assignments(session: Session, expert_id: int) -> Sequence[Assignment]:
    """Return what an expert holds, of any campaign, locked."""
    query = (
        select(Assignment)
        .where(
            Assignment.expert_id == expert_id,
            col(Assignment.state).in_(OPEN_STATES),
        )
        .order_by(col(Assignment.id))
        .with_for_update()
    )
    return session.exec(query).all()


def recent_answers(
    session: Session, expert_id: int, limit: int
) -> Sequence[tuple[Assignment, Campaign]]:
    """Return the newest answers of an expert that count, with their campaigns."""
    query = (
        select(Assignment, Campaign)
        .join(Campaign, col(Campaign.id) == col(Assignment.campaign_id))
        .where(
            Assignment.expert_id == expert_id,
            Assignment.state == AssignmentState.ANSWERED,
            col(Assignment.complete),
        )
        .order_by(col(Assignment.answered_at).desc(), col(Assignment.id).desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.exec(query)]


def experts_to_welcome_back(session: Session) -> Sequence[Expert]:
    """Return whose time away deserves a summary once it is over."""
    query = select(Expert).where(col(Expert.welcome_back_due)).order_by(col(Expert.id))
    return session.exec(query).all()


def count_taken_over(session: Session, expert_id: int, since: datetime) -> int:
    """Return how many tasks an expert gave back since then that colleagues have taken all of."""
    query = (
        select(func.count())
        .select_from(Assignment)
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .where(
            Assignment.expert_id == expert_id,
            Assignment.state == AssignmentState.RELEASED,
            col(Assignment.leased_until) >= since,
            col(Task.slots_taken) >= col(Task.overlap),
        )
    )
    return session.exec(query).one()
