"""Reminders: kind, few, in working hours, one message for all, and none that nobody wants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cadence.reminders import (
    MAX_UNANSWERED_REMINDERS,
    WEEK,
    ReminderCaps,
    ReminderStage,
    count_due_reminders,
    is_below_caps,
    is_opt_out_question_due,
    stage_of,
)
from bot.cadence.working_hours import start_of_day
from bot.services.assignments.leases import working_hours_of
from bot.services.availability import daily_limit
from bot.services.availability.reachability import ContactResult, is_dnd_known, is_reachable
from bot.services.settings.workspace_settings import load_settings
from storage.queries import expert_activity, outbox, tasks
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.tables import Expert, Reminder, ReminderMessage

UNANSWERED_LOOKBACK = timedelta(days=60)
"""How far back reminders count that nobody answered."""


@dataclass(frozen=True, slots=True)
class _DueReminder:
    """A reminder that is due: of which assignment, the how-manieth, and which that is."""

    assignment_id: int
    ordinal: int
    stage: ReminderStage


def send_due_reminders(session: Session, now: datetime) -> ContactResult:
    """Remind everybody of what they hold who may be spoken to now, in one message each."""
    acquire_advisory_lock(session, "remind")
    caps = _reminder_caps(session)
    messaged, dnd_unknown_ids = 0, []
    for expert, due in _due_by_expert(session, now):
        if not _can_remind(session, expert, caps, now):
            continue
        if is_dnd_known(expert, now):
            _send_reminder(session, expert, due, now)
            messaged += 1
        else:
            dnd_unknown_ids.append(expert.slack_id)
    return ContactResult(messaged, tuple(dnd_unknown_ids))


def _due_by_expert(session: Session, now: datetime) -> list[tuple[Expert, list[_DueReminder]]]:
    due_by_expert_id: defaultdict[int, list[_DueReminder]] = defaultdict(list)
    for assignment, campaign, expert, sent_count in tasks.assignments_to_remind(
        session, _delivery_cutoff(session, now)
    ):
        plan = campaign.reminder_minutes
        ordinal = count_due_reminders(
            working_hours_of(expert), assignment.delivered_at or now, plan, now
        )
        if ordinal > sent_count:
            due = _DueReminder(assignment.id or 0, ordinal, stage_of(ordinal, plan))
            due_by_expert_id[expert.id or 0].append(due)
    return [(session.get_one(Expert, number), due) for number, due in due_by_expert_id.items()]


def _delivery_cutoff(session: Session, now: datetime) -> datetime:
    """Return when something was delivered, at the latest, that may be reminded of now."""
    plans = tasks.reminder_plans(session)
    return now - timedelta(minutes=min((min(plan) for plan in plans if plan), default=0))


def _can_remind(session: Session, expert: Expert, caps: ReminderCaps, now: datetime) -> bool:
    if not expert.wants_reminders or not is_reachable(expert, now):
        return False
    if daily_limit.limit_today(session, expert, now):
        return False
    if not _is_under_caps(session, expert, caps, now):
        return False
    return len(_unanswered_reminders(session, expert, now)) < MAX_UNANSWERED_REMINDERS


def is_within_caps(session: Session, expert: Expert, now: datetime) -> bool:
    """Say whether another reminder, now, is one of those that a day and a week allow."""
    return _is_under_caps(session, expert, _reminder_caps(session), now)


def _is_under_caps(session: Session, expert: Expert, caps: ReminderCaps, now: datetime) -> bool:
    sent = expert_activity.reminder_times(session, expert.id or 0, now - 2 * WEEK)
    return is_below_caps(caps, sent, expert.tz, now)


def _unanswered_reminders(session: Session, expert: Expert, now: datetime) -> Sequence[datetime]:
    """Return the reminders since the person last did anything."""
    sent = expert_activity.reminder_times(session, expert.id or 0, now - UNANSWERED_LOOKBACK)
    if not sent:
        return []
    last_action = expert_activity.last_active_at(session, expert, sent[0])
    return [at for at in sent if last_action is None or at > last_action]


def _send_reminder(
    session: Session, expert: Expert, due: Sequence[_DueReminder], now: datetime
) -> None:
    assignment_ids = [one.assignment_id for one in due]
    for one in due:
        session.add(Reminder(assignment_id=one.assignment_id, number=one.ordinal, created_at=now))
    session.add(
        ReminderMessage(expert_id=expert.id or 0, assignment_ids=assignment_ids, created_at=now)
    )
    session.flush()
    payload = {"assignments": assignment_ids, "stage": _common_stage(due)}
    outbox.enqueue(session, "reminder", recipient=expert.slack_id, payload=payload, now=now)


def _common_stage(due: Sequence[_DueReminder]) -> ReminderStage:
    """Say which words suit them all: the last ones if it is the last for each, else the gentler."""
    stages = {one.stage for one in due}
    return next(
        stage
        for stage in (ReminderStage.FIRST, ReminderStage.NEXT, ReminderStage.LAST)
        if stage in stages
    )


def _reminder_caps(session: Session) -> ReminderCaps:
    settings = load_settings(session)
    return ReminderCaps(settings.reminders_per_day, settings.reminders_per_week)


def ask_about_opt_out(session: Session, now: datetime) -> ContactResult:
    """Ask those once, who left several reminders unanswered, whether they still want this.

    It counts as a reminder, and after it comes none until they do something.
    """
    acquire_advisory_lock(session, "ask to stay")
    caps = _reminder_caps(session)
    messaged, dnd_unknown_ids = 0, []
    for expert in expert_activity.frequently_reminded_experts(
        session, MAX_UNANSWERED_REMINDERS, now - UNANSWERED_LOOKBACK
    ):
        if not _needs_opt_out_question(session, expert, caps, now):
            continue
        if is_dnd_known(expert, now):
            _send_opt_out_question(session, expert, now)
            messaged += 1
        else:
            dnd_unknown_ids.append(expert.slack_id)
    return ContactResult(messaged, tuple(dnd_unknown_ids))


def _needs_opt_out_question(
    session: Session, expert: Expert, caps: ReminderCaps, now: datetime
) -> bool:
    unanswered = _unanswered_reminders(session, expert, now)
    if not is_reachable(expert, now) or not is_opt_out_question_due(unanswered, expert.tz, now):
        return False
    sent = expert_activity.reminder_times(
        session, expert.id or 0, min(start_of_day(expert.tz, now), now - WEEK)
    )
    was_asked = expert.opt_out_asked_at and expert.opt_out_asked_at >= unanswered[0]
    return not was_asked and is_below_caps(caps, sent, expert.tz, now)


def _send_opt_out_question(session: Session, expert: Expert, now: datetime) -> None:
    expert.opt_out_asked_at = now
    session.add(expert)
    session.add(ReminderMessage(expert_id=expert.id or 0, assignment_ids=[], created_at=now))
    outbox.enqueue(session, "stay", recipient=expert.slack_id, payload={}, now=now)
