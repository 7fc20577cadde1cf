"""How much somebody wants to do a day or in a row, and choosing to go on after it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cadence.hours import midnight
from bot.cadence.portions import Limit, began, limit_reached
from bot.services import assigning
from bot.services.acting import Click
from storage.queries import days
from storage.tables import Expert


def reached(session: Session, expert: Expert, now: datetime) -> Limit | None:
    """Return which limit of their own somebody has reached: nothing more is sent to them today."""
    return _reached(session, expert, None, now)


def reached_again(session: Session, expert: Expert, now: datetime) -> Limit | None:
    """Return the limit reached since they last chose to go on: what is said after an answer."""
    return _reached(session, expert, expert.went_on_at, now)


def _reached(
    session: Session, expert: Expert, went_on_at: datetime | None, now: datetime
) -> Limit | None:
    if expert.budget_minutes is None and expert.batch_size is None:
        return None  # the usual case, and on the way of every answer
    today, number = midnight(expert.tz, now), expert.id or 0
    seconds = days.seconds_spent(session, number, began(today, went_on_at))
    answered = days.answered(session, number, began(today, expert.batch_began_at))
    spent = timedelta(seconds=seconds)
    return limit_reached(spent, expert.budget_minutes, answered, expert.batch_size)


def go_on(session: Session, click: Click) -> None:
    """Begin another portion, because the person says so, and bring the next task."""
    expert = assigning.expert_by_slack_id(session, click.person)
    if expert is not None:
        if reached_again(session, expert, click.at) == Limit.TIME:
            expert.went_on_at = click.at
        expert.batch_began_at = click.at
        session.add(expert)
    assigning.ask_in_place(session, click)
