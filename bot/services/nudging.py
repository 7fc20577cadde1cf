"""Reminders: kind, few, in working hours, one message for all, and none that nobody wants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cadence.hours import midnight
from bot.cadence.reminders import (
    UNANSWERED,
    WEEK,
    Caps,
    Stage,
    is_time_to_ask,
    is_within,
    reminders_due,
    stage_of,
)
from bot.services import portioning
from bot.services.choosing import choices
from bot.services.leasing import hours_of
from bot.services.speaking import Spoken, is_asked, is_reachable
from storage.queries import days, tasks, telling
from storage.queries.turns import one_at_a_time
from storage.tables import Expert, Nudge, Reminder

MEMORY = timedelta(days=60)
"""How far back reminders count that nobody answered."""


@dataclass(frozen=True, slots=True)
class _Due:
    """A reminder that is due: of which assignment, the how-manieth, and which that is."""

    assignment: int
    number: int
    stage: Stage


def remind(session: Session, now: datetime) -> Spoken:
    """Remind everybody of what they hold who may be spoken to now, in one message each."""
    one_at_a_time(session, "remind")
    caps = _caps(session)
    people, to_ask = 0, []
    for expert, due in _due_by_expert(session, now):
        if not _may_be_reminded(session, expert, caps, now):
            continue
        if is_asked(expert, now):
            _nudge(session, expert, due, now)
            people += 1
        else:
            to_ask.append(expert.slack_id)
    return Spoken(people, tuple(to_ask))


def _due_by_expert(session: Session, now: datetime) -> list[tuple[Expert, list[_Due]]]:
    found: defaultdict[int, list[_Due]] = defaultdict(list)
    for assignment, campaign, expert, sent in tasks.to_remind_of(session, _earliest(session, now)):
        plan = campaign.reminder_minutes
        wanted = reminders_due(hours_of(expert), assignment.delivered_at or now, plan, now)
        if wanted > sent:
            due = _Due(assignment.id or 0, wanted, stage_of(wanted, plan))
            found[expert.id or 0].append(due)
    return [(session.get_one(Expert, number), due) for number, due in found.items()]


def _earliest(session: Session, now: datetime) -> datetime:
    """Return when something was delivered, at the latest, that may be reminded of now."""
    plans = tasks.reminder_plans(session)
    return now - timedelta(minutes=min((min(plan) for plan in plans if plan), default=0))


def _may_be_reminded(session: Session, expert: Expert, caps: Caps, now: datetime) -> bool:
    if not expert.wants_reminders or not is_reachable(expert, now):
        return False
    if portioning.reached(session, expert, now):
        return False
    if not _is_within(session, expert, caps, now):
        return False
    return len(_unanswered(session, expert, now)) < UNANSWERED


def is_within_caps(session: Session, expert: Expert, now: datetime) -> bool:
    """Say whether another reminder, now, is one of those that a day and a week allow."""
    return _is_within(session, expert, _caps(session), now)


def _is_within(session: Session, expert: Expert, caps: Caps, now: datetime) -> bool:
    sent = days.nudges(session, expert.id or 0, now - 2 * WEEK)
    return is_within(caps, sent, expert.tz, now)


def _unanswered(session: Session, expert: Expert, now: datetime) -> Sequence[datetime]:
    """Return the reminders since the person last did anything."""
    sent = days.nudges(session, expert.id or 0, now - MEMORY)
    if not sent:
        return []
    deed = days.last_deed(session, expert, sent[0])
    return [at for at in sent if deed is None or at > deed]


def _nudge(session: Session, expert: Expert, due: Sequence[_Due], now: datetime) -> None:
    numbers = [one.assignment for one in due]
    for one in due:
        session.add(Reminder(assignment_id=one.assignment, number=one.number, created_at=now))
    session.add(Nudge(expert_id=expert.id or 0, assignments=numbers, created_at=now))
    session.flush()
    facts = {"assignments": numbers, "stage": _stage(due)}
    telling.put(session, "reminder", lane=expert.slack_id, facts=facts, now=now)


def _stage(due: Sequence[_Due]) -> Stage:
    """Say which words suit them all: the last ones if it is the last for each, else the gentler."""
    stages = {one.stage for one in due}
    return next(stage for stage in (Stage.FIRST, Stage.NEXT, Stage.LAST) if stage in stages)


def _caps(session: Session) -> Caps:
    chosen = choices(session)
    return Caps(chosen.reminders_a_day, chosen.reminders_a_week)


def ask_to_stay(session: Session, now: datetime) -> Spoken:
    """Ask those once, who left several reminders unanswered, whether they still want this.

    It counts as a reminder, and after it comes none until they do something.
    """
    one_at_a_time(session, "ask to stay")
    caps = _caps(session)
    people, to_ask = 0, []
    for expert in days.often_reminded(session, UNANSWERED, now - MEMORY):
        if not _is_to_be_asked(session, expert, caps, now):
            continue
        if is_asked(expert, now):
            _ask(session, expert, now)
            people += 1
        else:
            to_ask.append(expert.slack_id)
    return Spoken(people, tuple(to_ask))


def _is_to_be_asked(session: Session, expert: Expert, caps: Caps, now: datetime) -> bool:
    unanswered = _unanswered(session, expert, now)
    if not is_reachable(expert, now) or not is_time_to_ask(unanswered, expert.tz, now):
        return False
    sent = days.nudges(session, expert.id or 0, min(midnight(expert.tz, now), now - WEEK))
    was_asked = expert.asked_to_stay_at and expert.asked_to_stay_at >= unanswered[0]
    return not was_asked and is_within(caps, sent, expert.tz, now)


def _ask(session: Session, expert: Expert, now: datetime) -> None:
    expert.asked_to_stay_at = now
    session.add(expert)
    session.add(Nudge(expert_id=expert.id or 0, assignments=[], created_at=now))
    telling.put(session, "stay", lane=expert.slack_id, facts={}, now=now)
