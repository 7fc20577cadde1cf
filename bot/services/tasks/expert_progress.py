"""Progress of one expert: answers given and tasks waiting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.cadence.daily_limit import estimate_minutes
from bot.cadence.working_hours import start_of_day
from bot.services.assignments import selection
from bot.services.tasks.next_task import MAX_COUNTED_TASKS
from storage.queries import expert_activity
from storage.queries.experts import expert_by_slack_id
from storage.row_id import id_of


@dataclass(frozen=True, slots=True)
class Progress:
    """Answers and waiting tasks of one expert.

    Attributes:
        answered_today: answers since midnight in the expert's time zone.
        answered_total: answers in all campaigns.
        waiting: tasks waiting, counted up to MAX_COUNTED_TASKS.
        has_more: whether counting stopped at that limit.
        estimated_minutes: time that the counted tasks will probably take this expert.
    """

    answered_today: int
    answered_total: int
    waiting: int
    has_more: bool
    estimated_minutes: int = 0


def progress_of(session: Session, slack_id: str, now: datetime) -> Progress | None:
    """Return the progress of an expert, or None if this person is not an expert."""
    expert = expert_by_slack_id(session, slack_id)
    if expert is None:
        return None
    expert_id = id_of(expert)
    waiting_by_kind = selection.count_waiting_by_kind(session, expert_id, MAX_COUNTED_TASKS)
    waiting = min(sum(waiting_by_kind.values()), MAX_COUNTED_TASKS)
    return Progress(
        answered_today=expert_activity.count_answered(
            session, expert_id, start_of_day(expert.tz, now)
        ),
        answered_total=expert_activity.count_answered(session, expert_id),
        waiting=waiting,
        has_more=waiting >= MAX_COUNTED_TASKS,
        estimated_minutes=estimate_minutes(
            waiting_by_kind, expert_activity.median_seconds_by_kind(session, expert_id)
        ),
    )
