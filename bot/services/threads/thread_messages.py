"""Understanding a message: a piece of a long response in its task's thread, or something else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.errors import BotError
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.actors.roles import require_role
from bot.services.questions import questions
from bot.services.threads import thread_drafts
from storage.queries import outbox, questions_and_flags
from storage.tables import Role

HELP_HINT = (
    "I read what you write in the thread of a task you are writing for. "
    "Type /label next to get your next task, /label help for more."
)


def handle_message(session: Session, message: Mapping[str, Any], text: str, now: datetime) -> None:
    """Take a message (Slack's; `text`: what it says) as a piece of a response, or answer it."""
    thread = message.get("thread_ts")
    channel, slack_id = message["channel"], message["user"]
    thread_task = thread_drafts.thread_task(session, channel, thread, slack_id) if thread else None
    if thread_task and message.get("change") == "previous_message":
        thread_drafts.remove_part(session, thread_task[0].id or 0, message["ts"], now)
    elif thread_task:
        assignment, _field = thread_task
        _add_to_draft(session, assignment.id or 0, message, text, now)
    elif thread and _handle_question_thread(session, message, text, now):
        return
    elif not message.get("change"):
        _enqueue_reply(session, message, HELP_HINT, now)


def _handle_question_thread(
    session: Session, message: Mapping[str, Any], text: str, now: datetime
) -> bool:
    """Take a message in the thread of a question as its answer, or as more of it."""
    location = (message["channel"], message["thread_ts"])
    posted_question = questions_and_flags.question_by_post(session, *location)
    own_question = questions_and_flags.question_in_thread(session, *location)
    if not message.get("change") and posted_question:
        _enqueue_reply(
            session,
            message,
            _answer_question(session, posted_question.id or 0, message, text, now),
            now,
        )
    elif not message.get("change") and own_question and text.strip():
        questions.append_to_question(session, own_question, text, now)
    return bool(posted_question or own_question)


def _answer_question(
    session: Session, question_id: int, message: Mapping[str, Any], text: str, now: datetime
) -> str:
    """Take what was written as the answer, and return what to say to it."""
    role = Role.COORDINATOR if message.get("is_coordinator") else None
    try:
        require_role(role, Role.COORDINATOR, "answer questions")
        questions.answer_question(session, question_id, text, Actor(message["user"], SLACK, now))
    except BotError as error:
        return str(error)
    return "Passed on to whoever asked."


def _add_to_draft(
    session: Session, assignment: int, message: Mapping[str, Any], text: str, now: datetime
) -> None:
    if text.strip():
        try:
            thread_drafts.add_part(session, assignment, message["ts"], text, now)
        except BotError as error:
            _enqueue_reply(session, message, str(error), now)
    for number, file in enumerate(message.get("files") or []):
        payload = {
            "assignment": assignment,
            "channel": message["channel"],
            "message_ts": message["thread_ts"],
            "ts": f"{message['ts']}.{number}",
            "url": file.get("url_private_download") or file.get("url_private") or "",
            "name": file.get("name") or "your file",
        }
        outbox.enqueue(session, "file", recipient=message["user"], payload=payload, now=now)


def _enqueue_reply(session: Session, message: Mapping[str, Any], text: str, now: datetime) -> None:
    payload = {
        "words": text,
        "channel": message["channel"],
        "thread_ts": message.get("thread_ts"),
    }
    outbox.enqueue(session, "words", recipient=message["user"], payload=payload, now=now)
