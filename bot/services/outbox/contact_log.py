"""The contact log: which messages the bot sent to a person, when and why, without their text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.messages.contact_reasons import (
    CONTACT_REASONS,
    UNKNOWN_TYPE,
    ContactReason,
    reason_of,
)
from bot.messages.payload import PayloadError
from bot.services.outbox.queued_messages import message_of
from storage.queries import contact_log, people
from storage.queries.experts import expert_by_slack_id
from storage.row_id import id_of
from storage.tables import OutboxMessage


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """One new message or file in Slack: when it was posted, what it was, and why."""

    id: int
    at: datetime
    message_type: str
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class ContactLog:
    """The messages to a person on one page, the newest first, of `total`.

    `tz` is the person's time zone. `has_older`: older messages are on the next page.
    """

    slack_id: str
    entries: tuple[ContactEntry, ...] = ()
    total: int = 0
    tz: str = "UTC"
    has_older: bool = False


def contact_log_of(
    session: Session, slack_id: str, limit: int, before: int | None = None
) -> ContactLog:
    """Return the newest messages to a person, or those before the message with the id `before`.

    The log goes as far back as the outbox does.

    Only what was new in Slack counts: updates of messages do not notify anybody.
    """
    expert = expert_by_slack_id(session, slack_id)
    recipients = {slack_id}
    if expert:
        conversations = {expert.channel or "", *people.conversations_of(session, id_of(expert))}
        recipients |= conversations - {""}
    rows = contact_log.posted_messages(session, recipients, limit + 1, before)
    return ContactLog(
        slack_id,
        tuple(map(_entry_of, rows[:limit])),
        contact_log.count_posted(session, recipients),
        expert.tz if expert else "UTC",
        has_older=len(rows) > limit,
    )


def _entry_of(row: OutboxMessage) -> ContactEntry:
    found = _reason_of(row)
    posted_at = row.posted_at or row.created_at
    return ContactEntry(id_of(row), posted_at, row.message_type, found.subject, found.reason)


def _reason_of(row: OutboxMessage) -> ContactReason:
    """Return the reason of a message, also of one that a newer version of the bot queued."""
    try:
        return reason_of(message_of(row))
    except PayloadError:
        return CONTACT_REASONS.get(row.message_type, UNKNOWN_TYPE)
