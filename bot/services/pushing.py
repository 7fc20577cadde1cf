"""What the clock makes happen to tasks: new work for who is there, and leases that end."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.services import assigning, picking, portioning
from bot.services.auditing import CLOCK, record
from bot.services.speaking import Spoken, is_asked, is_reachable
from storage.queries import days, holding, tasks, telling
from storage.queries.turns import one_at_a_time
from storage.tables import Assignment, AssignmentState, Expert


def dispatch(session: Session, now: datetime) -> Spoken:
    """Give the next task to every idle expert who may be spoken to now.

    Of those whom Slack must be asked about first, only who would get one is named.
    """
    one_at_a_time(session, "dispatch")
    ready = [expert for expert in tasks.idle_experts(session) if is_ready(session, expert, now)]
    people, to_ask = 0, []
    for expert in ready:
        if is_asked(expert, now):
            people += _pushed(session, expert, now, alone=len(ready) == 1)
        elif _would_get_one(session, expert, now):
            to_ask.append(expert.slack_id)
    return Spoken(people, tuple(to_ask))


def is_ready(session: Session, expert: Expert, now: datetime) -> bool:
    """Say whether work may come to somebody unasked, as far as we know."""
    is_expected = expert.profile_at is not None and not expert.summary_due  # that comes first
    return (
        is_expected and is_reachable(expert, now) and not portioning.reached(session, expert, now)
    )


def _pushed(session: Session, expert: Expert, now: datetime, *, alone: bool) -> bool:
    search = picking.search_for(session, expert.id or 0, locked=True)
    given = assigning.next_for(session, search, now, {"pushed": True, "alone": alone})
    if given:
        expert.pushed_at = now
        session.add(expert)
        telling.put(session, "task", lane=expert.slack_id, facts={"pushed": True}, now=now)
    return bool(given)


def _would_get_one(session: Session, expert: Expert, now: datetime) -> bool:
    """Try it, and take it back: only so is the answer always the same as when it is done."""
    with session.begin_nested() as trial:
        search = picking.search_for(session, expert.id or 0, locked=True)
        given = assigning.next_for(session, search, now)
        trial.rollback()
    return given is not None


def is_too_late(session: Session, slack_id: str, now: datetime) -> bool:
    """Take back what was pushed to somebody if it can only be said when they are not there.

    Slack may have been out of reach since then. What they were named for, or answered before, waits
    for them. Return whether it is not to be said.
    """
    expert = assigning.expert_by_slack_id(session, slack_id)
    if expert is None or is_reachable(expert, now):
        return False
    for assignment in days.held(session, expert.id or 0):
        is_for_anybody = (assignment.why or {}).get("pushed") and not assignment.version
        if assignment.state == AssignmentState.QUEUED and is_for_anybody:
            release(session, assignment, now)
    return True


def release(session: Session, assignment: Assignment, now: datetime) -> None:
    """Give a task back for others to take; what was answered of it so far is kept."""
    assignment.state = AssignmentState.RELEASED
    assignment.leased_until, assignment.clock_stopped_at = now, None
    session.add(assignment)
    holding.give_back(session, assignment.task_id)


def expire(session: Session, now: datetime) -> int:
    """Let tasks move on whose lease ran out; their experts get no more until they are back."""
    one_at_a_time(session, "expire")
    overdue = tasks.overdue(session, now)
    for assignment, _campaign in overdue:
        assignment.state = AssignmentState.EXPIRED
        session.add(assignment)
        holding.give_back(session, assignment.task_id)
        expert = session.get_one(Expert, assignment.expert_id)
        expert.away_since = expert.away_since or now
        session.add(expert)
        record(session, "clock", "expired", f"assignment {assignment.id}", now, through=CLOCK)
        facts = {"assignment": assignment.id}
        telling.put(session, "expired", lane=expert.slack_id, facts=facts, now=now)
    return len(overdue)
