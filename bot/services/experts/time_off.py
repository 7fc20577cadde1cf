"""Being away: a pause, or a status that says so. What is held moves on; on return, one summary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from bot.cadence.working_hours import find_zone
from bot.errors import BotError
from bot.services.actors.audit_log import CLOCK, SLACK, record
from bot.services.assignments import assign
from bot.services.availability.reachability import (
    ContactResult,
    is_away,
    is_dnd_known,
    is_reachable,
)
from bot.services.tasks import expert_progress
from bot.services.tasks.expert_progress import Progress
from bot.services.tasks.scheduled_delivery import release_assignment
from storage.queries import expert_activity, outbox
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.tables import Expert

MAX_TIME_OFF = timedelta(days=366)


class ReturnDayPastError(BotError):
    """The day to come back on must be tomorrow or later."""


class ReturnDayTooFarError(BotError):
    """That is more than a year ahead; choose an earlier day, you can always move it."""


class NotAnExpertError(BotError):
    """You are in no campaign yet, so there is nothing to pause."""


@dataclass(frozen=True, slots=True)
class ReturnSummary:
    """What somebody comes back to: what waits, and how many tasks colleagues took over."""

    progress: Progress
    taken_over: int


def start_time_off(session: Session, slack_id: str, until: date, now: datetime) -> date:
    """Send nothing before the day `until`; what the person holds goes to colleagues at once.

    Raises:
        NoExpertError, PastDayError, FarDayError: nothing is changed.
    """
    expert = require_expert(session, slack_id)
    zone = find_zone(expert.tz)
    today = now.astimezone(zone).date()
    if until <= today:
        raise ReturnDayPastError
    if until - today > MAX_TIME_OFF:
        raise ReturnDayTooFarError
    mark_away(session, expert, now)
    expert.paused_until = datetime.combine(until, time(), zone)
    session.add(expert)
    record(session, slack_id, "paused", "themselves", now, until=until.isoformat())
    return until


def require_expert(session: Session, slack_id: str) -> Expert:
    """Return the expert with this Slack id.

    Raises:
        NoExpertError: there is none.
    """
    expert = assign.expert_by_slack_id(session, slack_id)
    if expert is None:
        raise NotAnExpertError
    return expert


def mark_away(session: Session, expert: Expert, now: datetime, origin: str = SLACK) -> int:
    """Let what somebody holds go to colleagues; return how many tasks. A summary is due later."""
    held = expert_activity.lock_open_assignments(session, expert.id or 0)
    for assignment in held:
        release_assignment(session, assignment, now)
        subject = f"assignment {assignment.id}"
        actor = expert.slack_id if origin == SLACK else "clock"
        record(session, actor, "released", subject, now, origin=origin)
        payload = {"assignment": assignment.id}
        outbox.enqueue(session, "released", recipient=expert.slack_id, payload=payload, now=now)
    expert.away_since = expert.away_since or now
    expert.welcome_back_due = True
    session.add(expert)
    session.flush()
    return len(held)


def end_time_off(session: Session, slack_id: str, now: datetime) -> ReturnSummary:
    """End a pause at once; return what the person comes back to.

    Raises:
        NoExpertError: they are no expert.
    """
    expert = require_expert(session, slack_id)
    if expert.paused_until and expert.paused_until > now:
        record(session, slack_id, "came back", "themselves", now)
    expert.paused_until = expert.status_away_until = None
    return _mark_returned(session, expert, now)


def welcome_back(session: Session, now: datetime) -> ContactResult:
    """Tell those whose time away is over what they come back to, once."""
    acquire_advisory_lock(session, "welcome")
    messaged, dnd_unknown_ids = 0, []
    for expert in expert_activity.experts_to_welcome_back(session):
        if is_away(expert, now) or not is_reachable(expert, now):
            continue
        if is_dnd_known(expert, now):
            summary = _mark_returned(session, expert, now)
            payload = {"moved": summary.taken_over}
            outbox.enqueue(session, "welcome", recipient=expert.slack_id, payload=payload, now=now)
            record(session, "clock", "welcomed back", f"expert {expert.id}", now, origin=CLOCK)
            messaged += 1
        else:
            dnd_unknown_ids.append(expert.slack_id)
    return ContactResult(messaged, tuple(dnd_unknown_ids))


def postpone_welcome(session: Session, slack_id: str) -> None:
    """Let the summary come another time: it could not be said when it was a good one."""
    expert = require_expert(session, slack_id)
    expert.welcome_back_due = True
    session.add(expert)


def _mark_returned(session: Session, expert: Expert, now: datetime) -> ReturnSummary:
    since = expert.away_since
    taken_over = expert_activity.count_taken_over(session, expert.id or 0, since) if since else 0
    expert.away_since, expert.welcome_back_due = None, False
    session.add(expert)
    session.flush()
    progress = expert_progress.progress_of(session, expert.slack_id, now)
    return ReturnSummary(progress or Progress(0, 0, 0, has_more=False), taken_over)
