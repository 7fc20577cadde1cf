"""What waits for a coordinator, and who is there: a few aggregates, for all campaigns at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from storage.tables import Assignment, Expert, Flag, Membership, Question, Task


class Member(NamedTuple):
    """An expert in the pool of a campaign, and what says whether they are there."""

    campaign_id: int
    expert_id: int
    slack_id: str
    name: str
    pseudonym: str
    days: list[int]
    away_since: datetime | None
    paused_until: datetime | None
    status_away_until: datetime | None


def members(session: Session) -> list[Member]:
    """Return who is in the pools, in the order they joined; not those who left."""
    chosen: Any = (
        select(  # type: ignore[call-overload]  # SQLModel types up to four columns
            Membership.campaign_id,
            Expert.id,
            Expert.slack_id,
            Expert.name,
            Expert.pseudonym,
            Expert.days,
            Expert.away_since,
            Expert.paused_until,
            Expert.status_away_until,
        )
        .join(Expert, col(Expert.id) == col(Membership.expert_id))
        .where(col(Membership.left_at).is_(None))
        .order_by(col(Membership.joined_at), col(Expert.id))
    )
    return [Member(*row) for row in session.connection().execute(chosen)]


def questions(session: Session) -> dict[int, int]:
    """Count by campaign what experts asked and nobody answered."""
    return _open(session, Question.assignment_id, col(Question.answered_at).is_(None))


def flags(session: Session) -> dict[int, int]:
    """Count by campaign what experts flagged and nobody looked at."""
    return _open(session, Flag.assignment_id, col(Flag.resolved_at).is_(None))


def _open(session: Session, about: Any, is_open: ColumnElement[bool]) -> dict[int, int]:  # noqa: ANN401 - a column of SQLModel's
    column: Any = col(Assignment.campaign_id)
    chosen = (
        select(column, func.count())
        .select_from(Assignment)
        .where(col(Assignment.id) == about)
        .where(is_open)
        .group_by(column)
    )
    return dict(session.connection().execute(chosen).all())


def set_aside(session: Session) -> dict[int, int]:
    """Count by campaign the tasks that nobody gets before somebody looked at them."""
    column: Any = col(Task.campaign_id)
    chosen = select(column, func.count()).where(col(Task.set_aside_at).is_not(None))
    return dict(session.connection().execute(chosen.group_by(column)).all())
