"""Messages to the bot: parts of a thread draft, messages about a question, or neither."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.errors import BotError
from bot.messages.texts import TextMessage
from bot.messages.threads import IncomingFileMessage, IncomingMessage
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.actors.roles import require_role
from bot.services.questions import questions
from bot.services.threads import thread_drafts
from storage.queries import outbox, questions_and_flags
from storage.row_id import id_of
from storage.tables import Role

HELP_HINT = (
    "I only read messages in the thread of a writing task or a question. "
    "Type /label next for your next task, or /label help for help."
)


def handle_message(session: Session, message: IncomingMessage, text: str, now: datetime) -> None:
    """Store a message of Slack in a draft or question, or reply with a hint.

    `text` is the message as plain text.
    """
    thread = message.thread_ts
    channel, slack_id = message.channel, message.user
    thread_task = thread_drafts.thread_task(session, channel, thread, slack_id) if thread else None
    if thread_task and message.changed_key == "previous_message":
        thread_drafts.remove_part(session, id_of(thread_task[0]), message.ts, now)
    elif thread_task:
        _add_to_draft(session, id_of(thread_task[0]), message, text, now)
    elif thread and _handle_question_thread(session, message, thread, text, now):
        return
    elif not message.changed_key:
        _enqueue_reply(session, message, HELP_HINT, now)


def _handle_question_thread(
    session: Session, message: IncomingMessage, thread: str, text: str, now: datetime
) -> bool:
    """Use a message in a question's thread as its answer, or append it to the question.

    Return whether the thread belongs to a question.
    """
    location = (message.channel, thread)
    posted_question = questions_and_flags.question_by_post(session, *location)
    own_question = questions_and_flags.question_in_thread(session, *location)
    if not message.changed_key and posted_question:
        reply = _answer_question(session, id_of(posted_question), message, text, now)
        _enqueue_reply(session, message, reply, now)
    elif not message.changed_key and own_question and text.strip():
        questions.append_to_question(session, own_question, text, now)
    return bool(posted_question or own_question)


def _answer_question(
    session: Session, question_id: int, message: IncomingMessage, text: str, now: datetime
) -> str:
    """Answer a question with a message, and return the reply to its author."""
    role = Role.COORDINATOR if message.is_coordinator else None
    try:
        require_role(role, Role.COORDINATOR, "answer questions")
        questions.answer_question(session, question_id, text, Actor(message.user, SLACK, now))
    except BotError as error:
        return str(error)
    return "Sent to the expert who asked."


def _add_to_draft(
    session: Session, assignment_id: int, message: IncomingMessage, text: str, now: datetime
) -> None:
    if text.strip():
        try:
            thread_drafts.add_part(session, assignment_id, message.ts, text, now)
        except BotError as error:
            _enqueue_reply(session, message, str(error), now)
    for number, file in enumerate(message.files):
        incoming_file = IncomingFileMessage(
            assignment_id=assignment_id,
            channel=message.channel,
            message_ts=message.thread_ts or "",
            ts=f"{message.ts}.{number}",
            url=file.get("url_private_download") or file.get("url_private") or "",
            name=file.get("name") or "your file",
        )
        outbox.enqueue(session, incoming_file, recipient=message.user, now=now)


def _enqueue_reply(session: Session, message: IncomingMessage, text: str, now: datetime) -> None:
    reply = TextMessage(text, message.channel, message.thread_ts, is_reply=True)
    outbox.enqueue(session, reply, recipient=message.user, now=now)
