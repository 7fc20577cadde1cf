"""Hearing what people write in the DM: kept at once, understood in its lane's turn."""

from __future__ import annotations

from bot.app_context import AppContext
from handlers import imports
from handlers.payloads import Body
from storage.queries import outbox
from storage.tables import Role

USER_SUBTYPES = (None, "file_share")
"""Subtypes of messages that people send; joins, deletions and the like are no business of ours."""

CHANGED_MESSAGE_KEYS = {"message_changed": "message", "message_deleted": "previous_message"}
"""Events that tell of a change, and where the message is in them."""

STORED_KEYS = ("channel", "user", "ts", "thread_ts", "text", "blocks", "files")
"""What of a message is kept."""


async def queue_message(app: AppContext, event: Body) -> None:
    """Keep a message of a person, in the same line as what is being said to them.

    So it is understood after the task it answers is known to be shown, and pieces stay in order.
    """
    changed_key = CHANGED_MESSAGE_KEYS.get(event.get("subtype", ""), "")
    message = {**event.get(changed_key, {}), "channel": event["channel"]} if changed_key else event
    if not message.get("user") or message.get("bot_id"):
        return
    if message.get("subtype") in USER_SUBTYPES and not (
        not changed_key and await imports.queue_dropped_files(app, message)
    ):
        payload = {name: message[name] for name in STORED_KEYS if message.get(name)} | {
            "changed_key": changed_key
        }
        if message.get("thread_ts"):
            role = await app.role_of(message["user"])
            payload |= {"is_coordinator": True} if role == Role.COORDINATOR else {}
        now = app.clock.now()
        await app.db.write(
            outbox.enqueue, "incoming_message", recipient=message["user"], payload=payload, now=now
        )
