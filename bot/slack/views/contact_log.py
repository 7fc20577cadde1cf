"""The contact log of a person: times and reasons of the messages that the bot sent."""

from __future__ import annotations

from bot.cadence.working_hours import find_zone
from bot.messages.contact_reasons import own_reason
from bot.services.outbox.contact_log import ContactEntry, ContactLog
from bot.slack.blockkit.blocks import actions, button, context
from bot.slack.blockkit.mentions import (
    Mention,
    TextOrMention,
    bullet_list,
    fallback_text,
    text_with_mentions,
)
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import pluralize
from bot.slack.blockkit.types import Block, ModalView
from bot.slack.parsing.action_ids import Action
from bot.slack.views.task_modals import read_only_modal

PAGE_SIZE = 20
"""Messages on one page, the newest first."""

TITLE = "Your messages"

NOTE = (
    "Times are in the time zone {tz}. Updates of messages and replies to commands are not listed. "
    "Old entries are deleted, usually after 30 days."
)


def render_contact_log(log: ContactLog, *, is_own: bool, is_first: bool = True) -> Message:
    """Render a page of the contact log, for the person or for a coordinator, without texts.

    `is_first`: the page has the newest messages.
    """
    whom = "you" if is_own else Mention(log.slack_id)
    if not log.entries:
        amount = " no messages lately." if is_first else " no older messages."
        parts = ("The bot has sent ", whom, amount)
        blocks = [text_with_mentions(*parts), *_page_buttons(log, is_first=is_first)]
        return Message(fallback_text(*parts), blocks)
    parts = ("The bot has sent ", whom, f" {pluralize(log.total, 'message')}:")
    zone = find_zone(log.tz)
    rows: list[tuple[TextOrMention, ...]] = [
        (f"{entry.at.astimezone(zone):%a %-d %b %H:%M}: {_describe(entry, is_own=is_own)}",)
        for entry in log.entries
    ]
    return Message(
        fallback_text(*parts),
        [
            text_with_mentions(*parts),
            bullet_list(rows),
            context(NOTE.format(tz=log.tz)),
            *_page_buttons(log, is_first=is_first),
        ],
    )


def contact_log_modal(message: Message) -> ModalView:
    """Return the dialog with a page of the contact log."""
    return read_only_modal(TITLE, message.blocks)


def _page_buttons(log: ContactLog, *, is_first: bool) -> list[Block]:
    """Return buttons that show the next page, and the first one again."""
    newest = Action("show_messages", 0, log.slack_id)
    oldest_id = str(log.entries[-1].id) if log.has_older else ""
    older = Action("show_messages", 0, log.slack_id, oldest_id)
    buttons = [
        *([button("Show older messages", older.action_id, older.value)] if oldest_id else []),
        *([] if is_first else [button("Show newest messages", newest.action_id, newest.value)]),
    ]
    return [actions("contact_log", *buttons)] if buttons else []


def _describe(entry: ContactEntry, *, is_own: bool) -> str:
    reason = own_reason(entry.reason) if is_own else entry.reason
    return f"{entry.subject}, because {reason}"
