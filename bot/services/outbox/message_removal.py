"""Removing the bot's own messages from Slack, as many days after the answer as a campaign says.

A message is removed with the bot's replies in its thread, once all tasks that it showed are done
and the last answer is old enough. What people wrote or uploaded stays: a bot cannot delete it.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.kinds.media import STORED_PREFIX
from bot.messages.removal import FileRemoval, MessageRemoval
from bot.services.items.mapping import content_of
from storage.queries import formula_images, media_files, message_removal, outbox, tasks
from storage.queries.advisory_lock import acquire_advisory_lock

MAX_REMOVED_AT_ONCE = 40
"""Messages whose removal is queued in one minute: `chat.delete` can be called 50 times."""


def has_due_messages(session: Session, now: datetime) -> bool:
    """Return whether `queue_due_removals` would queue something."""
    return not _is_removing(session) and bool(message_removal.due_messages(session, now, 1))


def queue_due_removals(session: Session, now: datetime) -> int:
    """Queue the removal of the messages that are due, replies first; return how many."""
    acquire_advisory_lock(session, "queue_removals")
    if _is_removing(session):
        return 0
    count = 0
    for channel, root in message_removal.due_messages(session, now, MAX_REMOVED_AT_ONCE):
        for ts in [*message_removal.replies_to(session, channel, root), root]:
            removal = MessageRemoval(channel, ts, root)
            outbox.enqueue(session, removal, recipient=channel, now=now)
            count += 1
        if count >= MAX_REMOVED_AT_ONCE:
            break
    return count


def _is_removing(session: Session) -> bool:
    return message_removal.has_waiting(session, MessageRemoval.message_type)


def is_due(session: Session, channel: str, ts: str, now: datetime) -> bool:
    """Return whether the message with tasks at this place is to be removed."""
    return message_removal.is_due(session, channel, ts, now)


def record_removed(session: Session, removal: MessageRemoval, now: datetime) -> None:
    """Record that Slack no longer has a message, and queue the removal of its stored files."""
    message_removal.forget_reply(session, removal.channel, removal.ts)
    if removal.ts != removal.thread_ts:
        return
    task_ids = message_removal.forget_message(session, removal.channel, removal.ts)
    for url in dict.fromkeys(url for task_id in task_ids for url in _stored_urls(session, task_id)):
        outbox.enqueue(session, FileRemoval(url), recipient=removal.channel, now=now)


def _stored_urls(session: Session, task_id: int) -> list[str]:
    content = content_of(tasks.item_of(session, task_id))
    drawn = formula_images.urls_by_digest(session, task_id).values()
    return [*(one.url for one in content.all_media() if one.is_stored), *filter(None, drawn)]


def unused_upload(session: Session, url: str) -> str | None:
    """Return the Slack id of a stored file that no message in Slack shows; None: it is in use."""
    upload = media_files.uploads_of(session, [url]).get(url)
    if upload is None or message_removal.is_shown(session, url.removeprefix(STORED_PREFIX)):
        return None
    return upload.file_id
