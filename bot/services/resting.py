"""Being away: a pause, or a status that says so. What is held moves on; on return, one summary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from bot.cadence.hours import zone_named
from bot.errors import BotError
from bot.services import assigning, tallying
from bot.services.auditing import CLOCK, SLACK, record
from bot.services.pushing import release
from bot.services.speaking import Spoken, is_asked, is_on_leave, is_reachable
from bot.services.tallying import Progress
from storage.queries import days, telling
from storage.queries.turns import one_at_a_time
from storage.tables import Expert

LONGEST = timedelta(days=366)


class PastDayError(BotError):
    """The day to come back on must be tomorrow or later."""


class FarDayError(BotError):
    """That is more than a year ahead; choose an earlier day, you can always move it."""


class NoExpertError(BotError):
    """You are in no campaign yet, so there is nothing to pause."""


@dataclass(frozen=True, slots=True)
class Return:
    """What somebody comes back to: what waits, and how many tasks colleagues took over."""

    progress: Progress
    moved: int


def pause(session: Session, slack_id: str, until: date, now: datetime) -> date:
    """Send nothing before the day `until`; what the person holds goes to colleagues at once.

    Raises:
        NoExpertError, PastDayError, FarDayError: nothing is changed.
    """
    expert = expert_called(session, slack_id)
    zone = zone_named(expert.tz)
    today = now.astimezone(zone).date()
    if until <= today:
        raise PastDayError
    if until - today > LONGEST:
        raise FarDayError
    begin_leave(session, expert, now)
    expert.paused_until = datetime.combine(until, time(), zone)
    session.add(expert)
    record(session, slack_id, "paused", "themselves", now, until=until.isoformat())
    return until


def expert_called(session: Session, slack_id: str) -> Expert:
    """Return the expert with this Slack id.

    Raises:
        NoExpertError: there is none.
    """
    expert = assigning.expert_by_slack_id(session, slack_id)
    if expert is None:
        raise NoExpertError
    return expert


def begin_leave(session: Session, expert: Expert, now: datetime, through: str = SLACK) -> int:
    """Let what somebody holds go to colleagues; return how many tasks. A summary is due later."""
    held = days.held(session, expert.id or 0)
    for assignment in held:
        release(session, assignment, now)
        subject = f"assignment {assignment.id}"
        actor = expert.slack_id if through == SLACK else "clock"
        record(session, actor, "released", subject, now, through=through)
        facts = {"assignment": assignment.id}
        telling.put(session, "released", lane=expert.slack_id, facts=facts, now=now)
    expert.away_since = expert.away_since or now
    expert.summary_due = True
    session.add(expert)
    session.flush()
    return len(held)


def come_back(session: Session, slack_id: str, now: datetime) -> Return:
    """End a pause at once; return what the person comes back to.

    Raises:
        NoExpertError: they are no expert.
    """
    expert = expert_called(session, slack_id)
    if expert.paused_until and expert.paused_until > now:
        record(session, slack_id, "came back", "themselves", now)
    expert.paused_until = expert.status_away_until = None
    return _returned(session, expert, now)


def welcome(session: Session, now: datetime) -> Spoken:
    """Tell those whose time away is over what they come back to, once."""
    one_at_a_time(session, "welcome")
    people, to_ask = 0, []
    for expert in days.to_welcome(session):
        if is_on_leave(expert, now) or not is_reachable(expert, now):
            continue
        if is_asked(expert, now):
            found = _returned(session, expert, now)
            facts = {"moved": found.moved}
            telling.put(session, "welcome", lane=expert.slack_id, facts=facts, now=now)
            record(session, "clock", "welcomed back", f"expert {expert.id}", now, through=CLOCK)
            people += 1
        else:
            to_ask.append(expert.slack_id)
    return Spoken(people, tuple(to_ask))


def put_off_welcome(session: Session, slack_id: str) -> None:
    """Let the summary come another time: it could not be said when it was a good one."""
    expert = expert_called(session, slack_id)
    expert.summary_due = True
    session.add(expert)


def _returned(session: Session, expert: Expert, now: datetime) -> Return:
    since = expert.away_since
    moved = days.moved_on(session, expert.id or 0, since) if since else 0
    expert.away_since, expert.summary_due = None, False
    session.add(expert)
    session.flush()
    progress = tallying.progress_of(session, expert.slack_id, now)
    return Return(progress or Progress(0, 0, 0, is_more=False), moved)
