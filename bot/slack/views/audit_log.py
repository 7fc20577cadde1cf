"""The audit trail in plain words, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.services.actors.audit_log import SLACK, AuditEntry
from bot.slack.blockkit.blocks import actions, button
from bot.slack.blockkit.mentions import (
    CHANNEL_ID_PATTERN,
    USER_ID_PATTERN,
    Mention,
    TextOrMention,
    actor_mention,
    bullet_list,
    format_time_ago,
    text_with_mentions,
)
from bot.slack.parsing.action_ids import Action
from bot.slack.views.task_message import Message

PAGE_SIZE = 10
"""Events on one page."""

ACTION_LABELS = {"open": "resumed"}
"""Deeds that are recorded under the name of a state."""

MAX_DETAIL_CHARS = 120

EMPTY_TEXT = "Nothing has happened yet."
END_TEXT = "That was all."


def render_page(
    events: Sequence[AuditEntry], campaign_id: int, now: datetime, *, is_first: bool
) -> Message:
    """Draw one page (`events` may be one longer: then there is another) of a campaign (0: all)."""
    if not events:
        text = EMPTY_TEXT if is_first else END_TEXT
        return Message(text, [text_with_mentions(text)])
    shown = events[:PAGE_SIZE]
    rows = [_event_row(event, now) for event in shown]
    older_page = Action("trail", campaign_id, "", str(shown[-1].id))
    older_button = actions("trail", button("Older", older_page.action_id, older_page.value))
    blocks = [bullet_list(rows), *([older_button] if len(events) > PAGE_SIZE else [])]
    return Message("What happened, the newest first", blocks)


def _event_row(event: AuditEntry, now: datetime) -> tuple[TextOrMention, ...]:
    origin = "" if event.origin in (SLACK, "clock") else f" through the {event.origin}"
    actor = actor_mention(event.actor, SLACK) if event.origin == SLACK else (event.actor,)
    action = ACTION_LABELS.get(event.action, event.action)
    return (
        *actor,
        f" {action} ({event.subject})",
        *_detail_parts(event.details),
        f"{origin}, {format_time_ago(event.at, now)} ({event.at:%Y-%m-%d %H:%M} UTC)",
    )


def _detail_parts(details: dict[str, object]) -> list[TextOrMention]:
    parts: list[TextOrMention] = []
    for name, value in details.items():
        parts += [": " if not parts else "; ", f"{name} ", *_value_parts(value)]
    return parts


def _value_parts(value: object) -> list[TextOrMention]:
    if isinstance(value, list) and value:
        return [part for one in value for part in (*_value_parts(one), " ")][:-1]
    if isinstance(value, str) and (
        USER_ID_PATTERN.fullmatch(value) or CHANNEL_ID_PATTERN.fullmatch(value)
    ):
        return [Mention(value)]
    text = "nothing" if value in (None, "", []) else str(value)
    return [text if len(text) <= MAX_DETAIL_CHARS else f"{text[: MAX_DETAIL_CHARS - 1]}…"]
