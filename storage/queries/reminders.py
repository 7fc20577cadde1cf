"""Tasks whose experts may need a reminder."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func
from sqlmodel import Session, col, select

from storage.queries.tasks import OPEN_STATES
from storage.tables import Assignment, AssignmentState, Campaign, CampaignState, Expert, Reminder

_REMINDER_COUNT = (
    select(func.coalesce(func.max(Reminder.number), 0))
    .where(col(Reminder.assignment_id) == col(Assignment.id))
    .scalar_subquery()
)


def assignments_to_remind(
    session: Session, delivered_before: datetime
) -> list[tuple[Assignment, Campaign, Expert, int]]:
    """Return assignments unanswered since `delivered_before`, with the number of reminders sent.

    Assignments that had all their reminders and those of experts who are away are left out.
    """
    query: Any = (
        select(Assignment, Campaign, Expert, _REMINDER_COUNT)
        .join(Campaign, and_(col(Campaign.id) == col(Assignment.campaign_id)))
        .join(Expert, and_(col(Expert.id) == col(Assignment.expert_id)))
        .where(
            col(Assignment.state).in_(OPEN_STATES),  # uses a partial index
            Assignment.state == AssignmentState.DELIVERED,
            col(Assignment.lease_paused_at).is_(None),
            col(Assignment.delivered_at) <= delivered_before,
            Campaign.state == CampaignState.OPEN,
            func.json_array_length(Campaign.reminder_minutes) > _REMINDER_COUNT,
            col(Expert.away_since).is_(None),
        )
        .order_by(col(Assignment.id))
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.exec(query)]


def reminder_schedules(session: Session) -> list[list[int]]:
    """Return the reminder schedule of each open campaign, in minutes after delivery."""
    query = select(Campaign.reminder_minutes).where(Campaign.state == CampaignState.OPEN)
    return [list(minutes) for minutes in session.exec(query)]
