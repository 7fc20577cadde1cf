"""Scheduled reminders: few, in working hours, one message for all due tasks of an expert."""

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
from bot.messages.reminders import TaskReminderMessage
from bot.messages.welcome_back import OptOutQuestionMessage
from bot.services.assignments import quotas
from bot.services.assignments.leases import working_hours_of
from bot.services.availability import daily_limit
from bot.services.availability.reachability import ContactResult, is_dnd_known, is_reachable
from bot.services.settings.workspace_settings import load_settings
from storage.queries import expert_activity, outbox, reminders
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.row_id import id_of
from storage.tables import Expert, Reminder, ReminderMessage

UNANSWERED_LOOKBACK = timedelta(days=60)
"""Period in which unanswered reminders are counted."""


@dataclass(frozen=True, slots=True)
class _DueReminder:
    """A due reminder: its assignment, ordinal and stage."""

    assignment_id: int
    ordinal: int
    stage: ReminderStage


def send_due_reminders(session: Session, now: datetime) -> ContactResult:
    """Queue one message with all due reminders for each expert who can be messaged now."""
    acquire_advisory_lock(session, "send_reminders")
    caps = _reminder_caps(session)
    messaged, dnd_unknown_ids = 0, []
    for expert, due in _due_by_expert(session, now):
        if not due or not _can_remind(session, expert, caps, now):
            continue
        if is_dnd_known(expert, now):
            _send_reminder(session, expert, due, now)
            messaged += 1
        else:
            dnd_unknown_ids.append(expert.slack_id)
    return ContactResult(messaged, tuple(dnd_unknown_ids))


def _due_by_expert(session: Session, now: datetime) -> list[tuple[Expert, list[_DueReminder]]]:
    due_by_expert_id: defaultdict[int, list[_DueReminder]] = defaultdict(list)
    for assignment, campaign, expert, sent_count in reminders.assignments_to_remind(
        session, _delivery_cutoff(session, now)
    ):
        schedule = campaign.reminder_minutes
        ordinal = count_due_reminders(
            working_hours_of(expert), assignment.delivered_at or now, schedule, now
        )
        if ordinal > sent_count:
            reminder = _DueReminder(id_of(assignment), ordinal, stage_of(ordinal, schedule))
            due_by_expert_id[id_of(expert)].append(reminder)
    experts = ((session.get_one(Expert, one), due) for one, due in due_by_expert_id.items())
    return [(expert, _within_quota(session, expert, due, now)) for expert, due in experts]


def _within_quota(
    session: Session, expert: Expert, due: Sequence[_DueReminder], now: datetime
) -> list[_DueReminder]:
    """Leave out the reminders of campaigns in which the expert has done enough today."""
    ids = [reminder.assignment_id for reminder in due]
    allowed = quotas.without_limited(session, expert, ids, now)
    return [reminder for reminder in due if reminder.assignment_id in allowed]


def _delivery_cutoff(session: Session, now: datetime) -> datetime:
    """Return the latest delivery time for which a reminder can be due now."""
    first_reminders = [
        min(schedule) for schedule in reminders.reminder_schedules(session) if schedule
    ]
    return now - timedelta(minutes=min(first_reminders, default=0))


def _can_remind(session: Session, expert: Expert, caps: ReminderCaps, now: datetime) -> bool:
    if not expert.wants_reminders or not is_reachable(expert, now):
        return False
    if daily_limit.limit_today(session, expert, now):
        return False
    if not _is_under_caps(session, expert, caps, now):
        return False
    return len(_unanswered_reminders(session, expert, now)) < MAX_UNANSWERED_REMINDERS


def is_within_caps(session: Session, expert: Expert, now: datetime) -> bool:
    """Return whether the daily and weekly caps allow another reminder now."""
    return _is_under_caps(session, expert, _reminder_caps(session), now)


def _is_under_caps(session: Session, expert: Expert, caps: ReminderCaps, now: datetime) -> bool:
    sent = expert_activity.reminder_times(session, id_of(expert), now - 2 * WEEK)
    return is_below_caps(caps, sent, expert.tz, now)


def _unanswered_reminders(session: Session, expert: Expert, now: datetime) -> Sequence[datetime]:
    """Return the times of reminders sent since the expert's last action."""
    sent = expert_activity.reminder_times(session, id_of(expert), now - UNANSWERED_LOOKBACK)
    if not sent:
        return []
    last_action = expert_activity.last_active_at(session, expert, sent[0])
    return [at for at in sent if last_action is None or at > last_action]


def _send_reminder(
    session: Session, expert: Expert, due: Sequence[_DueReminder], now: datetime
) -> None:
    assignment_ids = [reminder.assignment_id for reminder in due]
    for reminder in due:
        session.add(
            Reminder(assignment_id=reminder.assignment_id, number=reminder.ordinal, created_at=now)
        )
    session.add(
        ReminderMessage(expert_id=id_of(expert), assignment_ids=assignment_ids, created_at=now)
    )
    session.flush()
    message = TaskReminderMessage(tuple(assignment_ids), _common_stage(due))
    outbox.enqueue(session, message, recipient=expert.slack_id, now=now)


def _common_stage(due: Sequence[_DueReminder]) -> ReminderStage:
    """Return the mildest stage among the reminders, which chooses the wording of the message."""
    stages = {reminder.stage for reminder in due}
    return next(
        stage
        for stage in (ReminderStage.FIRST, ReminderStage.NEXT, ReminderStage.LAST)
        if stage in stages
    )


def _reminder_caps(session: Session) -> ReminderCaps:
    settings = load_settings(session)
    return ReminderCaps(settings.reminders_per_day, settings.reminders_per_week)


def ask_about_opt_out(session: Session, now: datetime) -> ContactResult:
    """Ask experts who left several reminders unanswered whether they want to opt out.

    The question is asked once and counts as a reminder. No reminder follows until the expert acts.
    """
    acquire_advisory_lock(session, "ask_about_opt_out")
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
        session, id_of(expert), min(start_of_day(expert.tz, now), now - WEEK)
    )
    was_asked = expert.opt_out_asked_at and expert.opt_out_asked_at >= unanswered[0]
    return not was_asked and is_below_caps(caps, sent, expert.tz, now)


def _send_opt_out_question(session: Session, expert: Expert, now: datetime) -> None:
    expert.opt_out_asked_at = now
    session.add(expert)
    session.add(ReminderMessage(expert_id=id_of(expert), assignment_ids=[], created_at=now))
    outbox.enqueue(session, OptOutQuestionMessage(), recipient=expert.slack_id, now=now)
