"""Hearing what an expert writes in the DM: a long response in a thread, or something else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.desk import Desk
from bot.errors import BotError
from bot.services import writing
from bot.slack.written import text_of
from handlers.triggers import Body
from storage.queries import telling

BY_PEOPLE = (None, "file_share")
"""Subtypes of messages that people send; joins, deletions and the like are no business of ours."""

HINT = (
    "I read what you write in the thread of a task you are writing for. "
    "Type /label next to get your next task, /label help for more."
)


async def hear(desk: Desk, event: Body) -> None:
    """Take a message in a task's thread as a piece of the response; say so if it is none."""
    is_edit = event.get("subtype") == "message_changed"
    message = {**event["message"], "channel": event["channel"]} if is_edit else dict(event)
    by_person = message.get("user") and not message.get("bot_id")
    if by_person and message.get("subtype") in BY_PEOPLE:
        await desk.db.write(_take, message, is_edit=is_edit, now=desk.clock.now())


def _take(session: Session, message: dict[str, Any], *, is_edit: bool, now: datetime) -> None:
    thread = message.get("thread_ts")
    channel, person = message["channel"], message["user"]
    found = writing.thread_task(session, channel, thread, person) if thread else None
    if found:
        _take_pieces(session, found[0].id or 0, message, now)
    elif not is_edit:
        _say(session, message, HINT, now)


def _take_pieces(session: Session, assignment: int, message: dict[str, Any], now: datetime) -> None:
    text = text_of(message)
    if text.strip():
        try:
            writing.add_piece(session, assignment, message["ts"], text, now)
        except BotError as error:
            _say(session, message, str(error), now)
    for number, file in enumerate(message.get("files") or []):
        facts = {
            "assignment": assignment,
            "channel": message["channel"],
            "message_ts": message["thread_ts"],
            "ts": f"{message['ts']}.{number}",
            "url": file.get("url_private_download") or file.get("url_private") or "",
            "name": file.get("name") or "your file",
        }
        telling.put(session, "file", lane=message["user"], facts=facts, now=now)


def _say(session: Session, message: dict[str, Any], words: str, now: datetime) -> None:
    facts = {
        "words": words,
        "channel": message["channel"],
        "thread_ts": message.get("thread_ts"),
    }
    telling.put(session, "words", lane=message["user"], facts=facts, now=now)
