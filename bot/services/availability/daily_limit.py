"""An expert's daily limit and batch size, and continuing after a limit."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cadence.daily_limit import Limit, limit_period_start, reached_limit
from bot.cadence.working_hours import start_of_day
from bot.services.actors.interaction import Interaction
from bot.services.assignments import assign
from storage.queries import expert_activity
from storage.queries.experts import ExpertLimits, expert_by_slack_id
from storage.row_id import id_of
from storage.tables import Expert


def limit_today(session: Session, expert: Expert, now: datetime) -> Limit | None:
    """Return the limit an expert has reached today; scheduled delivery then sends nothing more."""
    return _reached_limit_since(session, expert, None, now)


def limit_since_lifted(
    session: Session, expert: Expert | ExpertLimits, now: datetime
) -> Limit | None:
    """Return the limit reached since the expert last chose to continue, to show after an answer."""
    return _reached_limit_since(session, expert, expert.daily_limit_lifted_at, now)


def _reached_limit_since(
    session: Session, expert: Expert | ExpertLimits, lifted_at: datetime | None, now: datetime
) -> Limit | None:
    if expert.daily_limit_minutes is None and expert.batch_size is None:
        return None  # every answer comes here, and most experts have no limit
    today, expert_id = start_of_day(expert.tz, now), id_of(expert)
    seconds = expert_activity.seconds_spent(
        session, expert_id, limit_period_start(today, lifted_at)
    )
    answered = expert_activity.count_answered(
        session, expert_id, limit_period_start(today, expert.batch_started_at)
    )
    spent = timedelta(seconds=seconds)
    return reached_limit(spent, expert.daily_limit_minutes, answered, expert.batch_size)


def lift_limit(session: Session, interaction: Interaction) -> None:
    """Restart the reached limit at the expert's request, and queue the next task.

    A batch restarts every time; the time limit restarts only if it has been reached.
    """
    expert = expert_by_slack_id(session, interaction.slack_id)
    if expert is not None:
        if limit_since_lifted(session, expert, interaction.at) == Limit.TIME:
            expert.daily_limit_lifted_at = interaction.at
        expert.batch_started_at = interaction.at
        session.add(expert)
    assign.request_next_task_in_place(session, interaction)
