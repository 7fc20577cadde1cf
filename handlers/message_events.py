"""Messages that people write in the DM: stored at once, processed in the outbox's order."""

from __future__ import annotations

from bot.app_context import AppContext
from bot.messages.threads import IncomingMessage
from handlers import imports
from handlers.payload_shapes import WrittenMessageShape, check_shape
from handlers.payloads import Body
from storage.queries import outbox
from storage.tables import Role

USER_SUBTYPES = (None, "file_share")
"""Subtypes of messages that people write; joins, topic changes and the like are ignored."""

CHANGED_MESSAGE_KEYS = {"message_changed": "message", "message_deleted": "previous_message"}
"""Subtypes of edits and deletions, with the key of the message in the event."""


FILE_KEYS = ("id", "name", "url_private", "url_private_download")
"""What is stored of a file."""


async def queue_message(app: AppContext, event: Body) -> None:
    """Queue a person's message with the messages to that person, in the order of arrival.

    So a reply is processed after the delivery of the task it answers is recorded, and the parts of
    a response stay in order.
    """
    changed_key = CHANGED_MESSAGE_KEYS.get(event.get("subtype") or "", "")
    changed_message = event.get(changed_key) or {}
    message = {**changed_message, "channel": event["channel"]} if changed_key else event
    if not message.get("user") or message.get("bot_id"):
        return
    check_shape(WrittenMessageShape, message)
    if message.get("subtype") in USER_SUBTYPES and not (
        not changed_key and await imports.queue_dropped_files(app, message)
    ):
        role = await app.role_of(message["user"]) if message.get("thread_ts") else None
        incoming = IncomingMessage(
            channel=message["channel"],
            user=message["user"],
            ts=message["ts"],
            changed_key=changed_key,
            thread_ts=message.get("thread_ts"),
            text=message.get("text") or "",
            blocks=tuple(message.get("blocks") or ()),
            files=tuple(map(_describe_file, message.get("files") or ())),
            is_coordinator=role == Role.COORDINATOR,
        )
        now = app.clock.now()
        await app.db.write(outbox.enqueue, incoming, recipient=incoming.user, now=now)


def _describe_file(file: Body) -> dict[str, str]:
    """Return what is needed to download a file; Slack sends five times as much."""
    return {key: file[key] for key in FILE_KEYS if file.get(key)}
