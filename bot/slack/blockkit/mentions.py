"""Rich text that mentions people and channels, so that Slack shows their names.

Use it only in messages that one person sees: in a channel a mention notifies people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.services.actors.audit_log import SLACK
from bot.slack.blockkit.blocks import rich_text_section, text_element
from bot.slack.blockkit.text import escape_mrkdwn, pluralize
from bot.slack.blockkit.types import InlineElement, RichTextBlock, RichTextList, RichTextSection

USER_ID_PATTERN = re.compile(r"[UW][A-Z0-9]{1,20}")
CHANNEL_ID_PATTERN = re.compile(r"[CG][A-Z0-9]{1,20}")

TIME_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


@dataclass(frozen=True, slots=True)
class Mention:
    """The Slack id of a person or channel. Anything else is shown as plain text."""

    id: str


TextOrMention: TypeAlias = str | Mention


def text_with_mentions(*parts: TextOrMention) -> RichTextBlock:
    """Return a rich_text block of plain texts and mentions."""
    return {"type": "rich_text", "elements": [_section(parts)]}


def bullet_list(rows: list[tuple[TextOrMention, ...]]) -> RichTextBlock:
    """Return a rich_text block with a bullet for each row of plain texts and mentions."""
    sections = [_section(row) for row in rows]
    list_element: RichTextList = {
        "type": "rich_text_list",
        "style": "bullet",
        "elements": sections,
    }
    return {"type": "rich_text", "elements": [list_element]}


def _section(parts: Sequence[TextOrMention]) -> RichTextSection:
    return rich_text_section([_rich_text_element(part) for part in parts if part])


def _rich_text_element(part: TextOrMention) -> InlineElement:
    if isinstance(part, str):
        return text_element(part)
    if USER_ID_PATTERN.fullmatch(part.id):
        return {"type": "user", "user_id": part.id}
    if CHANNEL_ID_PATTERN.fullmatch(part.id):
        return {"type": "channel", "channel_id": part.id}
    return text_element(part.id)


def fallback_text(*parts: TextOrMention) -> str:
    """Return the same sentence as a notification text, with “somebody” for each mention."""
    text = "".join(part if isinstance(part, str) else "somebody" for part in parts)
    return escape_mrkdwn(text)


def actor_mention(actor: str, origin: str) -> TextOrMention:
    """Return who did something: a mention, or a name with the origin of the action."""
    return Mention(actor) if origin == SLACK else f"{actor} via the {origin}"


def format_time_ago(moment: datetime, now: datetime) -> str:
    """Return how long ago a moment was: “just now”, “2 minutes ago”, “3 days ago”."""
    seconds = max(now - moment, timedelta()).total_seconds()
    for noun, length in TIME_UNITS:
        if seconds >= length:
            return f"{pluralize(int(seconds // length), noun)} ago"
    return "just now"
