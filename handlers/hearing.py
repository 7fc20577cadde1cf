"""Hearing what people write in the DM: kept at once, understood in its lane's turn."""

from __future__ import annotations

from bot.desk import Desk
from handlers import importing
from handlers.triggers import Body
from storage.queries import telling
from storage.tables import Role

BY_PEOPLE = (None, "file_share")
"""Subtypes of messages that people send; joins, deletions and the like are no business of ours."""

CHANGES = {"message_changed": "message", "message_deleted": "previous_message"}
"""Events that tell of a change, and where the message is in them."""

KEPT = ("channel", "user", "ts", "thread_ts", "text", "blocks", "files")
"""What of a message is kept."""


async def hear(desk: Desk, event: Body) -> None:
    """Keep a message of a person, in the same line as what is being said to them.

    So it is understood after the task it answers is known to be shown, and pieces stay in order.
    """
    change = CHANGES.get(event.get("subtype", ""), "")
    message = {**event.get(change, {}), "channel": event["channel"]} if change else event
    if not message.get("user") or message.get("bot_id"):
        return
    if message.get("subtype") in BY_PEOPLE and not (
        not change and await importing.take_dropped(desk, message)
    ):
        facts = {name: message[name] for name in KEPT if message.get(name)} | {"change": change}
        if message.get("thread_ts"):
            role = await desk.role_of(message["user"])
            facts |= {"is_coordinator": True} if role == Role.COORDINATOR else {}
        now = desk.clock.now()
        await desk.db.write(telling.put, "heard", lane=message["user"], facts=facts, now=now)
