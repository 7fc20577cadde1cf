"""What the message types share: where and how a message is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeAlias

from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.messages.queued_message import Priority
from bot.services.availability.reachability import is_reachable
from bot.slack.blockkit.message import Message
from bot.slack.client.error_codes import PERMANENT_KINDS
from bot.slack.client.sender import SPARE_UPDATES, LimitReachedError, Sender
from bot.slack.client.web_client import error_kind, retry_after_seconds
from storage.queries.experts import expert_by_slack_id
from storage.tables import OutboxMessage

AfterDelivery: TypeAlias = Callable[[Session], None] | None
"""What to record in the transaction that marks the message as sent, if anything."""

DeliverMessage: TypeAlias = Callable[[Sender, OutboxMessage, Any], Awaitable[AfterDelivery]]
"""Delivers a message of the type in its third parameter; the row has the recipient and the time."""


async def update_in_place(
    sender: Sender, row: OutboxMessage, message: Message, location: tuple[str | None, str | None]
) -> bool:
    """Replace the message at `location`, its channel and `ts`; return whether it succeeded.

    It uses the response_url if there is one, else chat.update. Mere updates leave some calls of
    chat.update for messages that somebody waits for.
    """
    url = row.response_url
    if url and await sender.replace(url, row.created_at, message.text, message.blocks):
        return True
    channel, ts = location
    if not channel or not ts:
        return False
    spare_calls = SPARE_UPDATES if row.priority == Priority.COSMETIC else 0
    return await sender.update(channel, ts, message.text, message.blocks, spare_calls=spare_calls)


async def try_update_in_place(
    sender: Sender, row: OutboxMessage, message: Message, location: tuple[str | None, str | None]
) -> bool:
    """Replace a message as `update_in_place` does; return False if a new message is better.

    That is so if the update would have to wait for a rate limit, or Slack refuses it.
    """
    try:
        return await update_in_place(sender, row, message, location)
    except LimitReachedError:
        return False
    except SlackApiError as error:
        if retry_after_seconds(error) is None and error_kind(error) not in PERMANENT_KINDS:
            raise
        return False


async def post_to_recipient(
    sender: Sender,
    row: OutboxMessage,
    message: Message,
    channel: str | None = None,
    thread_ts: str | None = None,
) -> None:
    """Post to the channel if it is given, else to the recipient."""
    channel = channel or await sender.direct_channel(row.recipient)
    await sender.post(channel, message.text, message.blocks, thread_ts)


async def is_outside_work_hours(sender: Sender, slack_id: str) -> bool:
    """Check whether a message that was due in working hours is now outside them.

    That happens after an outage of Slack: no reminder is better than one at night.
    """
    return await sender.db.read(_is_unreachable, slack_id, sender.clock.now())


def _is_unreachable(session: Session, slack_id: str, now: datetime) -> bool:
    expert = expert_by_slack_id(session, slack_id)
    return expert is None or not is_reachable(expert, now)
