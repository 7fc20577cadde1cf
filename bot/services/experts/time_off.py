"""Time off: start, end and Slack status. Open tasks are released; on return, one summary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from bot.cadence.working_hours import find_zone
from bot.errors import BotError
from bot.messages.tasks import ReleasedMessage
from bot.messages.welcome_back import WelcomeBackMessage
from bot.services.actors.audit_log import CLOCK, SLACK, record
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
from storage.queries.experts import expert_by_slack_id
from storage.row_id import id_of
from storage.tables import Expert

MAX_TIME_OFF = timedelta(days=366)


class ReturnDayPastError(BotError):
    """That day is not in the future. Choose tomorrow or a later day."""


class ReturnDayTooFarError(BotError):
    """That is more than a year ahead. Choose an earlier day; you can change it later."""


class NotAnExpertError(BotError):
    """You are not in a campaign yet. Ask a coordinator to invite you."""


@dataclass(frozen=True, slots=True)
class ReturnSummary:
    """Summary for a returning expert: progress, and number of tasks reassigned to others."""

    progress: Progress
    reassigned_count: int


def start_time_off(session: Session, slack_id: str, until: date, now: datetime) -> date:
    """Start time off that ends at midnight before the day `until`; release open tasks at once.

    Raises:
        NotAnExpertError, ReturnDayPastError, ReturnDayTooFarError: nothing is changed.
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
    subject = f"expert {slack_id}"
    record(session, slack_id, "started time off", subject, now, until=until.isoformat())
    return until


def require_expert(session: Session, slack_id: str) -> Expert:
    """Return the expert with this Slack id.

    Raises:
        NotAnExpertError: there is none.
    """
    expert = expert_by_slack_id(session, slack_id)
    if expert is None:
        raise NotAnExpertError
    return expert


def mark_away(
    session: Session,
    expert: Expert,
    now: datetime,
    origin: str = SLACK,
    *,
    is_opt_out: bool = False,
) -> int:
    """Release an expert's open tasks and mark a welcome-back summary as due; return the count."""
    assignments = expert_activity.lock_open_assignments(session, id_of(expert))
    for assignment in assignments:
        release_assignment(session, assignment, now)
        subject = f"assignment {assignment.id}"
        actor = expert.slack_id if origin == SLACK else "clock"
        record(session, actor, "released a task", subject, now, origin=origin)
        message = ReleasedMessage(id_of(assignment), is_opt_out=is_opt_out)
        outbox.enqueue(session, message, recipient=expert.slack_id, now=now)
    expert.away_since = expert.away_since or now
    expert.welcome_back_due = True
    session.add(expert)
    session.flush()
    return len(assignments)


def end_time_off(session: Session, slack_id: str, now: datetime) -> ReturnSummary:
    """End time off at once; return a summary of what awaits the expert.

    Raises:
        NotAnExpertError: the person is not an expert.
    """
    expert = require_expert(session, slack_id)
    if expert.paused_until and expert.paused_until > now:
        record(session, slack_id, "ended time off", f"expert {slack_id}", now)
    expert.paused_until = expert.status_away_until = None
    return _mark_returned(session, expert, now)


def welcome_back(session: Session, now: datetime) -> ContactResult:
    """Queue one welcome-back summary for each reachable expert whose time off has ended."""
    acquire_advisory_lock(session, "welcome_back")
    messaged, dnd_unknown_ids = 0, []
    for expert in expert_activity.experts_to_welcome_back(session):
        if is_away(expert, now) or not is_reachable(expert, now):
            continue
        if is_dnd_known(expert, now):
            summary = _mark_returned(session, expert, now)
            message = WelcomeBackMessage(summary.reassigned_count)
            outbox.enqueue(session, message, recipient=expert.slack_id, now=now)
            subject = f"expert {expert.slack_id}"
            record(session, "clock", "welcomed back an expert", subject, now, origin=CLOCK)
            messaged += 1
        else:
            dnd_unknown_ids.append(expert.slack_id)
    return ContactResult(messaged, tuple(dnd_unknown_ids))


def postpone_welcome(session: Session, slack_id: str) -> None:
    """Mark the summary as due again, because it could not be delivered in working hours."""
    expert = require_expert(session, slack_id)
    expert.welcome_back_due = True
    session.add(expert)


def _mark_returned(session: Session, expert: Expert, now: datetime) -> ReturnSummary:
    since = expert.away_since
    reassigned_count = (
        expert_activity.count_taken_over(session, id_of(expert), since) if since else 0
    )
    expert.away_since, expert.welcome_back_due = None, False
    session.add(expert)
    session.flush()
    progress = expert_progress.progress_of(session, expert.slack_id, now)
    return ReturnSummary(progress or Progress(0, 0, 0, has_more=False), reassigned_count)
