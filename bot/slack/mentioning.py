"""Sentences that name people and channels: Slack shows their names, and notifies nobody by them.

Only for what one coordinator sees alone: in a channel, a mention would ring.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.services.auditing import SLACK
from bot.slack.blocks import Block
from bot.slack.text import counted, escaped

PERSON = re.compile(r"[UW][A-Z0-9]{1,20}")
CHANNEL = re.compile(r"[CG][A-Z0-9]{1,20}")

UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or a channel, by their Slack id; anything else is shown as it is written."""

    id: str


Part: TypeAlias = str | Named


def sentence(*parts: Part) -> Block:
    """Return a rich text block of words and names; words are shown as they are."""
    leaves = [_leaf(part) for part in parts if part]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": leaves}]}


def lines(rows: list[tuple[Part, ...]]) -> Block:
    """Return a rich text block with a line for each row of words and names."""
    sections = [
        {"type": "rich_text_section", "elements": [_leaf(part) for part in row if part]}
        for row in rows
    ]
    listed = {"type": "rich_text_list", "style": "bullet", "elements": sections}
    return {"type": "rich_text", "elements": [listed]}


def _leaf(part: Part) -> Block:
    if isinstance(part, str):
        return {"type": "text", "text": part}
    if PERSON.fullmatch(part.id):
        return {"type": "user", "user_id": part.id}
    if CHANNEL.fullmatch(part.id):
        return {"type": "channel", "channel_id": part.id}
    return {"type": "text", "text": part.id}


def told(*parts: Part) -> str:
    """Return the same words for a notification, which names nobody."""
    said = "".join(part if isinstance(part, str) else "somebody" for part in parts)
    return escaped(said)


def hand(actor: str | None, through: str) -> tuple[Part, ...]:
    """Return who did something: a person in Slack, or a name and the way it came in."""
    if actor is None:
        return ("somebody",)
    return (Named(actor),) if through == SLACK else (f"{actor} ({through})",)


def ago(moment: datetime | None, now: datetime) -> str:
    """Return how long ago something was: “just now”, “2 minutes ago”, “3 days ago”."""
    if moment is None:
        return "some time ago"
    seconds = max(now - moment, timedelta()).total_seconds()
    for noun, length in UNITS:
        if seconds >= length:
            return f"{counted(int(seconds // length), noun)} ago"
    return "just now"
