"""The contact log of a person: times and reasons of the messages that the bot sent."""

from __future__ import annotations

from bot.cadence.working_hours import find_zone
from bot.messages.contact_reasons import own_reason
from bot.services.outbox.contact_log import ContactEntry, ContactLog
from bot.slack.blockkit.blocks import context
from bot.slack.blockkit.mentions import (
    Mention,
    TextOrMention,
    bullet_list,
    fallback_text,
    text_with_mentions,
)
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import pluralize
from bot.slack.blockkit.types import Block

MAX_SHOWN = 50
"""Messages that are shown, the newest first."""

NOTE = (
    "Times are in the time zone {tz}. Updates of messages and replies to commands are not listed. "
    "Old entries are deleted, usually after 30 days."
)


def render_contact_log(log: ContactLog, *, is_own: bool) -> Message:
    """Render the contact log, for the person or for a coordinator. It has no texts of messages."""
    whom = "you" if is_own else Mention(log.slack_id)
    if not log.entries:
        parts = ("The bot has sent ", whom, " no messages lately.")
        return Message(fallback_text(*parts), [text_with_mentions(*parts)])
    parts = ("The bot has sent ", whom, f" {pluralize(log.total, 'message')}{_shown_note(log)}:")
    zone = find_zone(log.tz)
    rows: list[tuple[TextOrMention, ...]] = [
        (f"{entry.at.astimezone(zone):%a %-d %b %H:%M}: {_describe(entry, is_own=is_own)}",)
        for entry in log.entries
    ]
    blocks: list[Block] = [
        text_with_mentions(*parts),
        bullet_list(rows),
        context(NOTE.format(tz=log.tz)),
    ]
    return Message(fallback_text(*parts), blocks)


def _describe(entry: ContactEntry, *, is_own: bool) -> str:
    reason = own_reason(entry.reason) if is_own else entry.reason
    return f"{entry.subject}, because {reason}"


def _shown_note(log: ContactLog) -> str:
    hidden = log.total - len(log.entries)
    return f"; the newest {len(log.entries)} are shown" if hidden > 0 else ""
