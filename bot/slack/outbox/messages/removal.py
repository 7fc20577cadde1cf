"""Removing the bot's own messages and files from Slack. What is gone already is no error."""

from __future__ import annotations

import logging
from functools import partial

from slack_sdk.errors import SlackApiError

from bot.messages.removal import FileRemoval, MessageRemoval
from bot.services.outbox import message_removal
from bot.slack.client.error_codes import PERMANENT_KINDS, ErrorKind
from bot.slack.client.sender import Sender
from bot.slack.client.web_client import error_code, error_kind, retry_after_seconds
from bot.slack.outbox.messages.send import AfterDelivery
from storage.queries import media_files
from storage.tables import OutboxMessage

log = logging.getLogger(__name__)

MAX_UNKNOWN_FAILURES = 5
"""Attempts after which an error code that nobody documents counts as a refusal."""


async def deliver_message_removal(
    sender: Sender, row: OutboxMessage, queued: MessageRemoval
) -> AfterDelivery:
    """Delete a message, unless it shows a task again meanwhile."""
    now = sender.clock.now()
    if not await sender.db.read(message_removal.is_due, queued.channel, queued.thread_ts, now):
        return None
    await _delete(sender, row, "chat.delete", {"channel": queued.channel, "ts": queued.ts})
    return partial(message_removal.record_removed, removal=queued, now=now)


async def deliver_file_removal(
    sender: Sender, row: OutboxMessage, queued: FileRemoval
) -> AfterDelivery:
    """Delete a file, unless a message in Slack still shows it."""
    upload = await sender.db.read(message_removal.unused_upload, queued.url)
    if upload is None:
        return None
    await _delete(sender, row, "files.delete", {"file": upload})
    return partial(media_files.forget_uploads, urls=[queued.url])


async def _delete(
    sender: Sender, row: OutboxMessage, method: str, arguments: dict[str, str]
) -> None:
    """Call a method that deletes something. What Slack refuses for good counts as deleted.

    It is gone already, or somebody forbids the bot to delete it; trying again would not help.
    """
    try:
        await sender.call(method, arguments, is_update=True)
    except SlackApiError as error:
        kind = error_kind(error)
        is_final = kind in PERMANENT_KINDS or (
            kind == ErrorKind.UNKNOWN and row.attempts >= MAX_UNKNOWN_FAILURES
        )
        if retry_after_seconds(error) is not None or not is_final:
            raise
        log.warning("%s: Slack refuses to delete %s: %s", method, arguments, error_code(error))
