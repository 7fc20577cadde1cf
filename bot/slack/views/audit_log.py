"""Pages of the audit log, newest event first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.services.actors.audit_log import CLOCK, SLACK, AuditEntry
from bot.slack.blockkit.blocks import actions, button
from bot.slack.blockkit.mentions import (
    CHANNEL_ID_PATTERN,
    USER_ID_PATTERN,
    Mention,
    TextOrMention,
    bullet_list,
    format_time_ago,
    text_with_mentions,
)
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import pluralize, shorten
from bot.slack.parsing.action_ids import Action

PAGE_SIZE = 10
"""Events on one page."""

MAX_DETAIL_CHARS = 120

MAX_LISTED = 50
"""Entries of a list that a detail shows, such as ids or people."""

EMPTY_TEXT = "No events yet."
END_TEXT = "No older events."


def render_page(
    events: Sequence[AuditEntry], campaign_id: int, now: datetime, *, is_first: bool
) -> Message:
    """Render one page of events; `campaign_id` is 0 for the log of all campaigns.

    If `events` is longer than a page, the message gets a button for the next one.
    """
    if not events:
        text = EMPTY_TEXT if is_first else END_TEXT
        return Message(text, [text_with_mentions(text)])
    shown = events[:PAGE_SIZE]
    rows = [_event_row(event, now) for event in shown]
    older_page = Action("older_audit_events", campaign_id, "", str(shown[-1].id))
    older_button = button("Show older events", older_page.action_id, older_page.value)
    older_row = [actions("audit_log", older_button)] if len(events) > PAGE_SIZE else []
    text = f"Audit log: {pluralize(len(shown), 'event')}, newest first"
    return Message(text, [bullet_list(rows), *older_row])


def _event_row(event: AuditEntry, now: datetime) -> tuple[TextOrMention, ...]:
    origin = "" if event.origin in (SLACK, CLOCK) else f" via the {event.origin}"
    return (
        _actor_part(event),
        f" {event.action} ({event.subject})",
        *_detail_parts(event.details),
        f"{origin}, {format_time_ago(event.at, now)} ({event.at:%Y-%m-%d %H:%M} UTC)",
    )


def _actor_part(event: AuditEntry) -> TextOrMention:
    if event.origin == CLOCK:
        return "The bot"
    return Mention(event.actor) if event.origin == SLACK else event.actor


def _detail_parts(details: dict[str, object]) -> list[TextOrMention]:
    parts: list[TextOrMention] = []
    for name, value in details.items():
        parts += [": " if not parts else "; ", f"{name.replace('_', ' ')} ", *_value_parts(value)]
    return parts


def _value_parts(value: object) -> list[TextOrMention]:
    if isinstance(value, list) and value:
        shown = [part for item in value[:MAX_LISTED] for part in (*_value_parts(item), ", ")][:-1]
        hidden_count = len(value) - MAX_LISTED
        return [*shown, f" and {hidden_count:,} more"] if hidden_count > 0 else shown
    if isinstance(value, str) and (
        USER_ID_PATTERN.fullmatch(value) or CHANNEL_ID_PATTERN.fullmatch(value)
    ):
        return [Mention(value)]
    text = "none" if value in (None, "", []) else str(value)
    return [shorten(text, MAX_DETAIL_CHARS)]
