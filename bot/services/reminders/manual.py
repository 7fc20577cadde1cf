"""Manual reminders by a coordinator; working hours, Do Not Disturb and caps still apply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from bot.cadence.reminders import ReminderStage
from bot.messages.reminders import TaskReminderMessage
from bot.services.actors.actor import Actor
from bot.services.assignments import quotas
from bot.services.availability import daily_limit
from bot.services.availability.reachability import is_dnd_known, is_reachable, is_zone_known
from bot.services.reminders import scheduled
from storage.queries import open_assignments, outbox
from storage.row_id import id_of
from storage.tables import Campaign, Expert, ReminderMessage


class ReminderSkipReason(StrEnum):
    """Why an expert is not reminded now; completes “Ada: …”."""

    NOT_REACHABLE = "outside working hours, away or in Do Not Disturb"
    ZONE_UNKNOWN = "time zone unknown"
    REMINDERS_OFF = "reminders turned off"
    DAILY_LIMIT = "daily limit reached"
    QUOTA = "maximum answers per expert and day reached"
    REMINDER_CAP = "maximum number of reminders reached"


@dataclass(slots=True)
class ReminderResult:
    """Slack ids of the experts reminded, and of those skipped, by reason."""

    reminded: list[str] = field(default_factory=list)
    skipped: dict[ReminderSkipReason, list[str]] = field(default_factory=lambda: defaultdict(list))


def dnd_unknown_holders(session: Session, campaign_id: int | None, now: datetime) -> list[str]:
    """Return assignees whose Do Not Disturb status must be fetched before they are reminded."""
    holders = open_assignments.experts_with_delivered_tasks(session, campaign_id)
    return [expert.slack_id for expert, _ids in holders if not is_dnd_known(expert, now)]


def remind_holders(session: Session, campaign: Campaign | None, actor: Actor) -> ReminderResult:
    """Remind the experts with open tasks in a campaign (None: any open one), one message each."""
    result = ReminderResult()
    for expert, assignment_ids in open_assignments.experts_with_delivered_tasks(
        session, campaign.id if campaign else None
    ):
        skip_reason = _skip_reason(session, expert, actor.at)
        wanted = quotas.without_limited(session, expert, assignment_ids, actor.at)
        if skip_reason or not wanted:
            result.skipped[skip_reason or ReminderSkipReason.QUOTA].append(expert.slack_id)
        else:
            _send_reminder(session, expert, wanted, actor.at)
            result.reminded.append(expert.slack_id)
    subject = f"campaign {campaign.name}" if campaign else "every campaign"
    actor.record(session, "sent reminders", subject, people=result.reminded)
    return result


def _skip_reason(session: Session, expert: Expert, now: datetime) -> ReminderSkipReason | None:
    if not expert.wants_reminders:
        return ReminderSkipReason.REMINDERS_OFF
    if not is_zone_known(expert):
        return ReminderSkipReason.ZONE_UNKNOWN
    if not is_reachable(expert, now):
        return ReminderSkipReason.NOT_REACHABLE
    if daily_limit.limit_today(session, expert, now):
        return ReminderSkipReason.DAILY_LIMIT
    return (
        None if scheduled.is_within_caps(session, expert, now) else ReminderSkipReason.REMINDER_CAP
    )


def _send_reminder(
    session: Session, expert: Expert, assignment_ids: Sequence[int], now: datetime
) -> None:
    """Queue and record a reminder; it counts toward the caps, not the campaign's schedule."""
    session.add(
        ReminderMessage(
            expert_id=id_of(expert), assignment_ids=list(assignment_ids), created_at=now
        )
    )
    session.flush()
    message = TaskReminderMessage(tuple(assignment_ids), ReminderStage.FIRST)
    outbox.enqueue(session, message, recipient=expert.slack_id, now=now)
