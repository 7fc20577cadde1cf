"""What the message types share: where and how a message is sent."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeAlias

from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.messages.queued_message import Priority
from bot.messages.texts import TextMessage
from bot.services.availability.reachability import is_reachable
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import split_pages
from bot.slack.client.error_codes import PERMANENT_KINDS, ErrorKind
from bot.slack.client.rate_limiter import LimitReachedError
from bot.slack.client.sender import Sender
from bot.slack.client.uploads import FileUpload, UploadFailedError, upload_file
from bot.slack.client.web_client import (
    NETWORK_ERRORS,
    error_code,
    error_kind,
    retry_after_seconds,
)
from bot.slack.views import short_messages
from storage.queries import outbox
from storage.queries.experts import expert_by_slack_id
from storage.tables import OutboxMessage

log = logging.getLogger(__name__)

MAX_PAGE_CHARACTERS = 9_000
"""Characters of a long text in one message; the rest follows in the next."""

MAX_UPLOAD_ATTEMPTS = 5
"""Attempts to upload a file, within about a minute; later news for its recipient wait for it."""

RETRYABLE_KINDS = (ErrorKind.TRANSIENT, ErrorKind.UNKNOWN)

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
    is_awaited = row.priority != Priority.COSMETIC
    return await sender.update(channel, ts, message.text, message.blocks, is_awaited=is_awaited)


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


async def post_text(
    sender: Sender,
    row: OutboxMessage,
    text: str,
    channel: str | None = None,
    thread_ts: str | None = None,
) -> AfterDelivery:
    """Post the first page of a text, and queue the rest as a separate message."""
    first, *rest = split_pages(text, MAX_PAGE_CHARACTERS)
    message = short_messages.render_text(first)
    await post_to_recipient(sender, row, message, channel, thread_ts)
    if not rest:
        return None
    is_reply, now = row.priority == Priority.AWAITED, sender.clock.now()
    following = TextMessage("".join(rest), channel, thread_ts, is_reply)
    return lambda session: outbox.enqueue(session, following, recipient=row.recipient, now=now)


async def send_file(
    sender: Sender, row: OutboxMessage, file: FileUpload, failure_text: str, channel: str | None
) -> bool:
    """Upload a file to the channel if it is given, else to the recipient; return whether it worked.

    If Slack refuses it, or failed a few times, post the sentence that says where the file is
    instead. A failure of the app is raised: the upload waits for it.
    """
    channel = channel or await sender.direct_channel(row.recipient)
    try:
        await upload_file(sender, channel, file)
    except SlackApiError as error:
        is_final = row.attempts >= MAX_UPLOAD_ATTEMPTS and error_kind(error) in RETRYABLE_KINDS
        if retry_after_seconds(error) is not None or not (
            is_final or error_kind(error) in PERMANENT_KINDS
        ):
            raise
        log.warning("could not upload %s to %s: %s", file.name, channel, error_code(error))
    except (UploadFailedError, *NETWORK_ERRORS) as error:
        if row.attempts < MAX_UPLOAD_ATTEMPTS:
            raise
        log.warning("could not upload %s to %s: %r", file.name, channel, error)
    else:
        return True
    message = short_messages.render_text(failure_text)
    await sender.post(channel, message.text, message.blocks)
    return False


async def is_outside_work_hours(sender: Sender, slack_id: str) -> bool:
    """Check whether a message that was due in working hours is now outside them.

    That happens after an outage of Slack: no reminder is better than one at night.
    """
    return await sender.db.read(_is_unreachable, slack_id, sender.clock.now())


def _is_unreachable(session: Session, slack_id: str, now: datetime) -> bool:
    expert = expert_by_slack_id(session, slack_id)
    return expert is None or not is_reachable(expert, now)
