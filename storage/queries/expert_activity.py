"""What an expert did, how long it took, when they were reminded, and what is open."""

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
"""Newest answers used for the median, because people get quicker."""


def seconds_spent(session: Session, expert_id: int, since: datetime) -> int:
    """Return how many seconds an expert has spent on tasks since a time, as far as known.

    A version stores the total time of its task; the part before `since` is subtracted.
    """
    is_own = col(Assignment.expert_id) == expert_id
    query = (
        select(Annotation.assignment_id, func.max(Annotation.seconds))
        .join(Assignment, col(Assignment.id) == col(Annotation.assignment_id))
        .group_by(col(Annotation.assignment_id))
    )
    totals = dict(session.exec(query.where(is_own, col(Annotation.created_at) >= since)).all())
    earlier_query = query.where(
        is_own, col(Annotation.created_at) < since, col(Annotation.assignment_id).in_(totals)
    )
    earlier_totals = dict(session.exec(earlier_query).all())
    return sum(
        (total or 0) - (earlier_totals.get(assignment_id) or 0)
        for assignment_id, total in totals.items()
    )


def count_answered(session: Session, expert_id: int, since: datetime | None = None) -> int:
    """Return how many tasks an expert has answered, in all or since a time."""
    query = select(func.count()).where(
        col(Assignment.expert_id) == expert_id, col(Assignment.state) == AssignmentState.ANSWERED
    )
    if since is not None:
        query = query.where(col(Assignment.answered_at) >= since)
    return session.exec(query).one()


def count_answered_by_campaign(session: Session, expert_id: int) -> dict[int, int]:
    """Return how many tasks an expert has answered in each campaign."""
    query = (
        select(Assignment.campaign_id, func.count())
        .where(
            col(Assignment.expert_id) == expert_id,
            col(Assignment.state) == AssignmentState.ANSWERED,
        )
        .group_by(col(Assignment.campaign_id))
    )
    return dict(session.exec(query).all())


def median_seconds_by_kind(session: Session, expert_id: int) -> dict[str, float]:
    """Return an expert's median seconds per answer, by kind, from the newest answers."""
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
    return {kind: median(values) for kind, values in seconds_by_kind.items()}


def reminder_times(session: Session, expert_id: int, since: datetime) -> list[datetime]:
    """Return when an expert was reminded since a time."""
    query = select(ReminderMessage.created_at).where(
        ReminderMessage.expert_id == expert_id, col(ReminderMessage.created_at) >= since
    )
    return list(session.exec(query.order_by(col(ReminderMessage.id))))


def last_active_at(session: Session, expert: Expert, since: datetime) -> datetime | None:
    """Return an expert's last answer, opened dialog or logged action since a time."""
    is_own = col(Assignment.expert_id) == expert.id
    versions = (
        select(func.max(Annotation.created_at))
        .join(Assignment, col(Assignment.id) == col(Annotation.assignment_id))
        .where(is_own, col(Annotation.created_at) >= since)
    )
    openings = select(func.max(Assignment.opened_at)).where(
        is_own, col(Assignment.opened_at) >= since
    )
    actions = select(func.max(AuditEvent.at)).where(
        col(AuditEvent.at) >= since, AuditEvent.actor == expert.slack_id
    )
    latest = (session.exec(query).one() for query in (versions, openings, actions))
    return max((at for at in latest if at), default=None)


def frequently_reminded_experts(
    session: Session, min_reminders: int, since: datetime
) -> Sequence[Expert]:
    """Return members of open campaigns with at least `min_reminders` reminders since a time."""
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


def count_open_by_campaign(session: Session, expert_id: int) -> dict[int, int]:
    """Return how many tasks of each campaign an expert holds, or had and may get again."""
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
        select(Assignment.campaign_id, func.count())
        .select_from(Assignment)
        .join(Campaign, col(Campaign.id) == col(Assignment.campaign_id))
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Membership, is_member)
        .where(
            Assignment.expert_id == expert_id,
            Campaign.state == CampaignState.OPEN,
            or_(col(Assignment.state).in_(OPEN_STATES), may_return),
        )
        .group_by(col(Assignment.campaign_id))
    )
    return dict(session.exec(query).all())


def lock_open_assignments(session: Session, expert_id: int) -> Sequence[Assignment]:
    """Return the open assignments of an expert in all campaigns, locked."""
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
    """Return the newest complete answers of an expert, with their campaigns."""
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
    """Return the experts who get a summary when their time away ends."""
    query = select(Expert).where(col(Expert.welcome_back_due)).order_by(col(Expert.id))
    return session.exec(query).all()


def count_taken_over(session: Session, expert_id: int, since: datetime) -> int:
    """Return how many tasks released by an expert since a time have all slots taken again."""
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
