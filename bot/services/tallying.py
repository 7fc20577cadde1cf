"""What one expert did, and what waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.cadence.hours import midnight
from bot.cadence.portions import estimated_minutes
from bot.services import assigning, picking
from bot.services.serving import MOST_LEFT
from storage.queries import days
from storage.tables import Assignment, AssignmentState, Expert


@dataclass(frozen=True, slots=True)
class Progress:
    """One expert's tasks: answered today (in their zone), answered in all, and waiting.

    `is_more`: there are more waiting than were counted. `minutes` is about how long those that were
    counted take this person.
    """

    today: int
    total: int
    waiting: int
    is_more: bool
    minutes: int = 0


def progress_of(session: Session, slack_id: str, now: datetime) -> Progress | None:
    """Return how far a person is; None if they are no expert."""
    expert = assigning.expert_by_slack_id(session, slack_id)
    if expert is None:
        return None
    kinds = picking.waiting_by_kind(session, expert.id or 0, MOST_LEFT)
    waiting = min(sum(kinds.values()), MOST_LEFT)
    return Progress(
        today=_answered(session, expert, since=midnight(expert.tz, now)),
        total=_answered(session, expert),
        waiting=waiting,
        is_more=waiting >= MOST_LEFT,
        minutes=estimated_minutes(kinds, days.median_seconds(session, expert.id or 0)),
    )


def _answered(session: Session, expert: Expert, since: datetime | None = None) -> int:
    counted = select(func.count()).where(
        col(Assignment.expert_id) == expert.id, col(Assignment.state) == AssignmentState.ANSWERED
    )
    if since:
        counted = counted.where(col(Assignment.answered_at) >= since)
    return session.exec(counted).one()
