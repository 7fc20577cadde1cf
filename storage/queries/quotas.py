"""Quotas: how many tasks of a campaign one expert may get, and how many they have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Executable, and_, bindparam, case, func, literal_column, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from storage.prepared_statements import PreparedStatement
from storage.tables import (
    Assignment,
    AssignmentState,
    Campaign,
    CampaignState,
    Expert,
    Membership,
    Task,
)


class QuotaCount(NamedTuple):
    """How many tasks count toward the quota of a campaign, and how many toward that of today."""

    total: int
    today: int


class MemberAnswers(NamedTuple):
    """A member of a campaign with quotas, and how many of their answers count toward them.

    `recent` of the answers were given since a certain time. The quotas are those of `Campaign`.
    """

    campaign_id: int
    expert_id: int
    answers: int
    recent: int
    max_answers: int
    max_answers_per_day: int
    gold_share: float


class MemberQuota(NamedTuple):
    """How many tasks of a campaign count toward the quotas of a member; 0: there is no quota."""

    expert_id: int
    campaign: str
    tasks: int
    max_answers: int
    tasks_today: int
    max_answers_per_day: int


_IS_TASK = col(Task.confirms_assignment_id).is_(None)
"""What makes a task count: it is no practice, repeat or confirmation."""

_COUNTS = and_(literal_column("assignment.state IN ('queued', 'delivered', 'answered')"), _IS_TASK)
"""What makes an assignment count: open or answered."""

_COUNTS_TODAY = or_(
    literal_column("assignment.state IN ('queued', 'delivered')"),
    col(Assignment.answered_at) >= bindparam("day"),
)
"""What makes such an assignment one of today: open, or answered since midnight."""

_COUNT = PreparedStatement(
    select(func.count(), func.sum(case((_COUNTS_TODAY, 1), else_=0)))
    .select_from(Assignment)
    .join(Task, col(Task.id) == col(Assignment.task_id))
    .where(
        col(Assignment.campaign_id) == bindparam("campaign"),
        col(Assignment.expert_id) == bindparam("expert"),
        _COUNTS,
    )
)

_IS_MEMBER = and_(
    col(Membership.campaign_id) == col(Assignment.campaign_id),
    col(Membership.expert_id) == col(Assignment.expert_id),
    col(Membership.left_at).is_(None),
)


def count_toward_quota(
    session: Session, expert_id: int, campaign_id: int, day_start: datetime
) -> QuotaCount:
    """Return how many tasks of a campaign an expert has open or has answered, in all and today.

    `day_start` is midnight of the expert's day, aware.
    """
    ((total, today),) = _COUNT.rows(session, campaign=campaign_id, expert=expert_id, day=day_start)
    return QuotaCount(int(total), int(today or 0))


def members_at_quota(session: Session) -> dict[int, set[int]]:
    """Return by campaign the current members who have as many tasks as one expert may get."""
    query: Any = (
        select(Assignment.campaign_id, Assignment.expert_id)
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Campaign, col(Campaign.id) == col(Assignment.campaign_id))
        .join(Membership, _IS_MEMBER)
        .where(Campaign.max_answers > 0, _COUNTS)
        .group_by(col(Assignment.campaign_id), col(Assignment.expert_id), col(Campaign.max_answers))
        .having(func.count() >= col(Campaign.max_answers))
    )
    return _by_campaign(session, query)


def members_at_daily_quota(
    session: Session, day_start_of: Callable[[str], datetime]
) -> dict[int, set[int]]:
    """Return by campaign the current members who have given the most answers of one day.

    `day_start_of` returns midnight of the current day in a time zone.
    """
    zones: Any = (
        select(Expert.tz)
        .join(Membership, col(Membership.expert_id) == col(Expert.id))
        .join(Campaign, col(Campaign.id) == col(Membership.campaign_id))
        .where(Campaign.max_answers_per_day > 0, col(Membership.left_at).is_(None))
        .distinct()
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for (zone,) in session.connection().execute(zones).all():
        query = _at_daily_quota(day_start_of(zone)).join(Membership, _IS_MEMBER)
        in_zone = query.join(Expert, col(Expert.id) == col(Assignment.expert_id)).where(
            col(Expert.tz) == zone
        )
        for campaign_id, experts in _by_campaign(session, in_zone).items():
            found[campaign_id] |= experts
    return dict(found)


def quotas_of_members(
    session: Session, day_start_of: Callable[[str], datetime], campaign_id: int | None = None
) -> list[MemberQuota]:
    """Return the quotas of current members, by the name of the campaign; None: of all campaigns.

    `day_start_of` returns midnight of the current day in a time zone. A closed campaign has none.
    """
    zones = session.exec(select(Expert.tz).distinct()).all()
    found = [
        MemberQuota(*row)
        for zone in zones
        for row in session.connection().execute(
            _quotas_in_zone(campaign_id), {"zone": zone, "day": day_start_of(zone)}
        )
    ]
    return sorted(found, key=lambda quota: quota.campaign)


def _quotas_in_zone(campaign_id: int | None) -> Executable:
    shown = (col(Membership.expert_id), col(Campaign.name))
    limits = (col(Campaign.max_answers), col(Campaign.max_answers_per_day))
    only = () if campaign_id is None else (col(Campaign.id) == campaign_id,)
    query: Executable = (
        select(  # type: ignore[call-overload]  # SQLModel types up to four columns
            *shown,
            func.sum(case((_COUNTS, 1), else_=0)),
            limits[0],
            func.sum(case((and_(_COUNTS, _COUNTS_TODAY), 1), else_=0)),
            limits[1],
        )
        .join(Campaign, col(Campaign.id) == col(Membership.campaign_id))
        .join(Expert, col(Expert.id) == col(Membership.expert_id))
        .outerjoin(Assignment, _IS_MEMBER)
        .outerjoin(Task, col(Task.id) == col(Assignment.task_id))
        .where(
            or_(*(limit > 0 for limit in limits)),
            col(Campaign.state) != CampaignState.CLOSED,
            col(Membership.left_at).is_(None),
            col(Expert.tz) == bindparam("zone"),
            *only,
        )
        .group_by(*shown, *limits)
    )
    return query


def campaigns_at_daily_quota(
    session: Session, expert_id: int, day_start: datetime
) -> Collection[int]:
    """Return the campaigns in which an expert has given the most answers of one day."""
    query = _at_daily_quota(day_start).where(col(Assignment.expert_id) == expert_id)
    return _by_campaign(session, query).keys()


def assignments_outside(
    session: Session, assignment_ids: Sequence[int], campaign_ids: Collection[int]
) -> list[int]:
    """Return those of the assignments that belong to none of the campaigns, in their order."""
    query = select(Assignment.id).where(
        col(Assignment.id).in_(assignment_ids), col(Assignment.campaign_id).not_in(campaign_ids)
    )
    found = set(session.exec(query))
    return [one for one in assignment_ids if one in found]


def answers_of_members(session: Session, since: datetime) -> list[MemberAnswers]:
    """Return the current members of the campaigns with quotas, with their answers."""
    counts = and_(col(Assignment.state) == AssignmentState.ANSWERED, _IS_TASK)
    is_recent = and_(counts, col(Assignment.answered_at) >= since)
    quotas = (
        col(Campaign.max_answers),
        col(Campaign.max_answers_per_day),
        col(Campaign.gold_share),
    )
    members = (col(Membership.campaign_id), col(Membership.expert_id))
    query: Any = (
        select(  # type: ignore[call-overload]  # SQLModel types up to four columns
            *members,
            func.sum(case((counts, 1), else_=0)),
            func.sum(case((is_recent, 1), else_=0)),
            *quotas,
        )
        .join(Campaign, col(Campaign.id) == col(Membership.campaign_id))
        .outerjoin(Assignment, _IS_MEMBER)
        .outerjoin(Task, col(Task.id) == col(Assignment.task_id))
        .where(
            or_(col(Campaign.max_answers) > 0, col(Campaign.max_answers_per_day) > 0),
            col(Membership.left_at).is_(None),
        )
        .group_by(*members, *quotas)
    )
    return [MemberAnswers(*row) for row in session.connection().execute(query)]


def _at_daily_quota(day_start: datetime) -> Select[int, int]:
    return (
        select(Assignment.campaign_id, Assignment.expert_id)
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Campaign, col(Campaign.id) == col(Assignment.campaign_id))
        .where(
            Campaign.max_answers_per_day > 0,
            Assignment.state == AssignmentState.ANSWERED,
            col(Assignment.answered_at) >= day_start,
            _IS_TASK,
        )
        .group_by(
            col(Assignment.campaign_id),
            col(Assignment.expert_id),
            col(Campaign.max_answers_per_day),
        )
        .having(func.count() >= col(Campaign.max_answers_per_day))
    )


def _by_campaign(session: Session, query: Executable) -> dict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for campaign_id, expert_id in session.connection().execute(query):
        found[campaign_id].add(expert_id)
    return dict(found)
