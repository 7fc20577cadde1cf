"""What one expert did, and what waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from sqlmodel import Session, col, func, select

from bot.cadence import zone_named
from bot.services import assigning, picking
from bot.services.serving import MOST_LEFT
from storage.tables import Assignment, AssignmentState, Expert


@dataclass(frozen=True, slots=True)
class Progress:
    """One expert's tasks: answered today (in their zone), answered in all, and waiting.

    `is_more`: there are more waiting than were counted.
    """

    today: int
    total: int
    waiting: int
    is_more: bool


def progress_of(session: Session, slack_id: str, now: datetime) -> Progress | None:
    """Return how far a person is; None if they are no expert."""
    expert = assigning.expert_by_slack_id(session, slack_id)
    if expert is None:
        return None
    waiting = picking.waiting_for(session, expert.id or 0, MOST_LEFT)
    return Progress(
        today=_answered(session, expert, since=_midnight(expert, now)),
        total=_answered(session, expert),
        waiting=waiting,
        is_more=waiting >= MOST_LEFT,
    )


def _midnight(expert: Expert, now: datetime) -> datetime:
    zone = zone_named(expert.tz)
    return datetime.combine(now.astimezone(zone).date(), time(), zone)


def _answered(session: Session, expert: Expert, since: datetime | None = None) -> int:
    counted = select(func.count()).where(
        col(Assignment.expert_id) == expert.id, col(Assignment.state) == AssignmentState.ANSWERED
    )
    if since:
        counted = counted.where(col(Assignment.answered_at) >= since)
    return session.exec(counted).one()
