"""What needs a coordinator, and which members are available, for all campaigns at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from storage.tables import Assignment, Expert, Flag, Membership, Question, Task


class MemberAvailability(NamedTuple):
    """A member of a campaign, with the fields that say whether they are available."""

    campaign_id: int
    expert_id: int
    slack_id: str
    name: str
    pseudonym: str
    work_days: list[int]
    away_since: datetime | None
    paused_until: datetime | None
    status_away_until: datetime | None


def active_members(session: Session) -> list[MemberAvailability]:
    """Return all current members of all campaigns, in the order they joined."""
    query: Any = (
        select(  # type: ignore[call-overload]  # SQLModel types up to four columns
            Membership.campaign_id,
            Expert.id,
            Expert.slack_id,
            Expert.name,
            Expert.pseudonym,
            Expert.work_days,
            Expert.away_since,
            Expert.paused_until,
            Expert.status_away_until,
        )
        .join(Expert, col(Expert.id) == col(Membership.expert_id))
        .where(col(Membership.left_at).is_(None))
        .order_by(col(Membership.joined_at), col(Expert.id))
    )
    return [MemberAvailability(*row) for row in session.connection().execute(query)]


def open_question_counts(session: Session) -> dict[int, int]:
    """Return the number of unanswered questions by campaign."""
    return _count_open(session, Question.assignment_id, col(Question.answered_at).is_(None))


def open_flag_counts(session: Session) -> dict[int, int]:
    """Return the number of unresolved flags by campaign."""
    return _count_open(session, Flag.assignment_id, col(Flag.resolved_at).is_(None))


def _count_open(
    session: Session,
    assignment_column: Any,  # noqa: ANN401 - a mapped column
    is_open: ColumnElement[bool],
) -> dict[int, int]:
    column: Any = col(Assignment.campaign_id)
    query = (
        select(column, func.count())
        .select_from(Assignment)
        .where(col(Assignment.id) == assignment_column)
        .where(is_open)
        .group_by(column)
    )
    return dict(session.connection().execute(query).all())


def on_hold_counts(session: Session) -> dict[int, int]:
    """Return the number of tasks on hold by campaign."""
    return _count_on_hold(session)


def unanswerable_counts(session: Session, reason: str) -> dict[int, int]:
    """Return the number of tasks on hold for this reason by campaign."""
    return _count_on_hold(session, col(Task.on_hold_reason) == reason)


def _count_on_hold(session: Session, *conditions: ColumnElement[bool]) -> dict[int, int]:
    column: Any = col(Task.campaign_id)
    query = select(column, func.count()).where(col(Task.on_hold_since).is_not(None), *conditions)
    return dict(session.connection().execute(query.group_by(column)).all())
