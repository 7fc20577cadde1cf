"""Sentences that name people and channels: Slack shows their names, and notifies nobody by them.

Only for what one coordinator sees alone: in a channel, a mention would ring.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.services.actors.audit_log import SLACK
from bot.slack.blockkit.blocks import Block
from bot.slack.blockkit.text import escape_mrkdwn, pluralize

USER_ID_PATTERN = re.compile(r"[UW][A-Z0-9]{1,20}")
CHANNEL_ID_PATTERN = re.compile(r"[CG][A-Z0-9]{1,20}")

TIME_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody or a channel, by their Slack id; anything else is shown as it is written."""

    id: str


TextOrMention: TypeAlias = str | Mention


def text_with_mentions(*parts: TextOrMention) -> Block:
    """Return a rich text block of words and names; words are shown as they are."""
    leaves = [_rich_text_element(part) for part in parts if part]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": leaves}]}


def bullet_list(rows: list[tuple[TextOrMention, ...]]) -> Block:
    """Return a rich text block with a line for each row of words and names."""
    sections = [
        {
            "type": "rich_text_section",
            "elements": [_rich_text_element(part) for part in row if part],
        }
        for row in rows
    ]
    list_element = {"type": "rich_text_list", "style": "bullet", "elements": sections}
    return {"type": "rich_text", "elements": [list_element]}


def _rich_text_element(part: TextOrMention) -> Block:
    if isinstance(part, str):
        return {"type": "text", "text": part}
    if USER_ID_PATTERN.fullmatch(part.id):
        return {"type": "user", "user_id": part.id}
    if CHANNEL_ID_PATTERN.fullmatch(part.id):
        return {"type": "channel", "channel_id": part.id}
    return {"type": "text", "text": part.id}


def fallback_text(*parts: TextOrMention) -> str:
    """Return the same words for a notification, which names nobody."""
    text = "".join(part if isinstance(part, str) else "somebody" for part in parts)
    return escape_mrkdwn(text)


def actor_mention(actor: str | None, origin: str) -> tuple[TextOrMention, ...]:
    """Return who did something: a person in Slack, or a name and the way it came in."""
    if actor is None:
        return ("somebody",)
    return (Mention(actor),) if origin == SLACK else (f"{actor} ({origin})",)


def format_time_ago(moment: datetime | None, now: datetime) -> str:
    """Return how long ago something was: “just now”, “2 minutes ago”, “3 days ago”."""
    if moment is None:
        return "some time ago"
    seconds = max(now - moment, timedelta()).total_seconds()
    for noun, length in TIME_UNITS:
        if seconds >= length:
            return f"{pluralize(int(seconds // length), noun)} ago"
    return "just now"
