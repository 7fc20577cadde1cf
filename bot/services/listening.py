"""Understanding a message: a piece of a long response in its task's thread, or something else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.errors import BotError
from bot.services import asking, writing
from bot.services.auditing import SLACK
from bot.services.directing import By
from bot.services.granting import check_role
from storage.queries import raising, telling
from storage.tables import Role

HINT = (
    "I read what you write in the thread of a task you are writing for. "
    "Type /label next to get your next task, /label help for more."
)


def understand(session: Session, message: Mapping[str, Any], text: str, now: datetime) -> None:
    """Take a message (Slack's; `text`: what it says) as a piece of a response, or answer it."""
    thread = message.get("thread_ts")
    channel, person = message["channel"], message["user"]
    found = writing.thread_task(session, channel, thread, person) if thread else None
    if found and message.get("change") == "previous_message":
        writing.drop_piece(session, found[0].id or 0, message["ts"], now)
    elif found:
        assignment, _field = found
        _take(session, assignment.id or 0, message, text, now)
    elif thread and _is_about_question(session, message, text, now):
        return
    elif not message.get("change"):
        _say(session, message, HINT, now)


def _is_about_question(
    session: Session, message: Mapping[str, Any], text: str, now: datetime
) -> bool:
    """Take a message in the thread of a question as its answer, or as more of it."""
    where = (message["channel"], message["thread_ts"])
    put = raising.question_put_by(session, *where)
    asked = raising.question_in_thread(session, *where)
    if not message.get("change") and put:
        _say(session, message, _answered(session, put.id or 0, message, text, now), now)
    elif not message.get("change") and asked and text.strip():
        asking.add_words(session, asked, text, now)
    return bool(put or asked)


def _answered(
    session: Session, question_id: int, message: Mapping[str, Any], text: str, now: datetime
) -> str:
    """Take what was written as the answer, and return what to say to it."""
    has = Role.COORDINATOR if message.get("is_coordinator") else None
    try:
        check_role(has, Role.COORDINATOR, "answer questions")
        asking.answer(session, question_id, text, By(message["user"], SLACK, now))
    except BotError as error:
        return str(error)
    return "Passed on to whoever asked."


def _take(
    session: Session, assignment: int, message: Mapping[str, Any], text: str, now: datetime
) -> None:
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


def _say(session: Session, message: Mapping[str, Any], words: str, now: datetime) -> None:
    facts = {
        "words": words,
        "channel": message["channel"],
        "thread_ts": message.get("thread_ts"),
    }
    telling.put(session, "words", lane=message["user"], facts=facts, now=now)
