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
    Nudge,
    Task,
)

HELD = (AssignmentState.QUEUED, AssignmentState.DELIVERED)

RECENT = 200
"""Answers that say how long somebody takes: the newest, because people get quicker."""


def seconds_spent(session: Session, expert_id: int, since: datetime) -> int:
    """Return how many seconds an expert spent on tasks since then, as far as it is known.

    A version says how long its task took in all; what it took before then is left out.
    """
    mine = col(Assignment.expert_id) == expert_id
    counted = (
        select(Annotation.assignment_id, func.max(Annotation.seconds))
        .join(Assignment, col(Assignment.id) == col(Annotation.assignment_id))
        .group_by(col(Annotation.assignment_id))
    )
    now = dict(session.exec(counted.where(mine, col(Annotation.created_at) >= since)).all())
    earlier = counted.where(
        mine, col(Annotation.created_at) < since, col(Annotation.assignment_id).in_(now)
    )
    before = dict(session.exec(earlier).all())
    return sum((total or 0) - (before.get(task) or 0) for task, total in now.items())


def answered(session: Session, expert_id: int, since: datetime) -> int:
    """Return how many tasks an expert answered since then."""
    counted = select(func.count()).where(
        col(Assignment.expert_id) == expert_id,
        col(Assignment.state) == AssignmentState.ANSWERED,
        col(Assignment.answered_at) >= since,
    )
    return session.exec(counted).one()


def median_seconds(session: Session, expert_id: int) -> dict[str, float]:
    """Return how many seconds an answer takes an expert, by kind: the median of the newest."""
    chosen = (
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
        .limit(RECENT)
    )
    taken: defaultdict[str, list[int]] = defaultdict(list)
    for kind, seconds in session.exec(chosen):
        taken[kind].append(seconds or 0)
    return {kind: median(known) for kind, known in taken.items()}


def nudges(session: Session, expert_id: int, since: datetime) -> list[datetime]:
    """Return when an expert was reminded since then."""
    chosen = select(Nudge.created_at).where(
        Nudge.expert_id == expert_id, col(Nudge.created_at) >= since
    )
    return list(session.exec(chosen.order_by(col(Nudge.id))))


def last_deed(session: Session, expert: Expert, since: datetime) -> datetime | None:
    """Return when an expert last did anything since then: an answer, a look, a skip, a word."""
    mine = col(Assignment.expert_id) == expert.id
    versions = (
        select(func.max(Annotation.created_at))
        .join(Assignment, col(Assignment.id) == col(Annotation.assignment_id))
        .where(mine, col(Annotation.created_at) >= since)
    )
    looks = select(func.max(Assignment.opened_at)).where(mine, col(Assignment.opened_at) >= since)
    deeds = select(func.max(AuditEvent.at)).where(
        col(AuditEvent.at) >= since, AuditEvent.actor == expert.slack_id
    )
    found = (session.exec(one).one() for one in (versions, looks, deeds))
    return max((at for at in found if at), default=None)


def often_reminded(session: Session, least: int, since: datetime) -> Sequence[Expert]:
    """Return members of open campaigns who were reminded so often since then, at least."""
    often = (
        select(Nudge.expert_id)
        .where(col(Nudge.created_at) >= since)
        .group_by(col(Nudge.expert_id))
        .having(func.count() >= least)
    )
    members = (
        select(Membership.expert_id)
        .join(Campaign, col(Campaign.id) == col(Membership.campaign_id))
        .where(Campaign.state == CampaignState.OPEN, col(Membership.left_at).is_(None))
    )
    chosen = select(Expert).where(
        col(Expert.id).in_(often), col(Expert.id).in_(members), col(Expert.wants_reminders)
    )
    return session.exec(chosen.order_by(col(Expert.id))).all()


def had_by_kind(session: Session, expert_id: int) -> dict[str, int]:
    """Return how many tasks of each kind an expert holds, or had and may get again."""
    may_return = and_(
        col(Assignment.state).in_((AssignmentState.EXPIRED, AssignmentState.RELEASED)),
        col(Task.taken) < col(Task.overlap),
        col(Task.set_aside_at).is_(None),
    )
    is_member = and_(
        col(Membership.campaign_id) == col(Assignment.campaign_id),
        col(Membership.expert_id) == col(Assignment.expert_id),
        col(Membership.left_at).is_(None),
    )
    counted = (
        select(Campaign.kind, func.count())
        .select_from(Assignment)
        .join(Campaign, col(Campaign.id) == col(Assignment.campaign_id))
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Membership, is_member)
        .where(
            Assignment.expert_id == expert_id,
            Campaign.state == CampaignState.OPEN,
            or_(col(Assignment.state).in_(HELD), may_return),
        )
        .group_by(col(Campaign.kind))
    )
    return dict(session.exec(counted).all())


def held(session: Session, expert_id: int) -> Sequence[Assignment]:
    """Return what an expert holds, of any campaign, locked."""
    chosen = (
        select(Assignment)
        .where(
            Assignment.expert_id == expert_id,
            col(Assignment.state).in_(HELD),
        )
        .order_by(col(Assignment.id))
        .with_for_update()
    )
    return session.exec(chosen).all()


def answers(session: Session, expert_id: int, most: int) -> Sequence[tuple[Assignment, Campaign]]:
    """Return the newest answers of an expert that count, with their campaigns."""
    chosen = (
        select(Assignment, Campaign)
        .join(Campaign, col(Campaign.id) == col(Assignment.campaign_id))
        .where(
            Assignment.expert_id == expert_id,
            Assignment.state == AssignmentState.ANSWERED,
            col(Assignment.complete),
        )
        .order_by(col(Assignment.answered_at).desc(), col(Assignment.id).desc())
        .limit(most)
    )
    return [(row[0], row[1]) for row in session.exec(chosen)]


def to_welcome(session: Session) -> Sequence[Expert]:
    """Return whose time away deserves a summary once it is over."""
    chosen = select(Expert).where(col(Expert.summary_due)).order_by(col(Expert.id))
    return session.exec(chosen).all()


def moved_on(session: Session, expert_id: int, since: datetime) -> int:
    """Return how many tasks an expert gave back since then that colleagues have taken all of."""
    counted = (
        select(func.count())
        .select_from(Assignment)
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .where(
            Assignment.expert_id == expert_id,
            Assignment.state == AssignmentState.RELEASED,
            col(Assignment.leased_until) >= since,
            col(Task.taken) >= col(Task.overlap),
        )
    )
    return session.exec(counted).one()
