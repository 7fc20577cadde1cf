"""Questions and flags: messages to coordinators, and answers in the expert's thread."""

from __future__ import annotations

from sqlmodel import Session

from bot.messages.questions import (
    FlagMessage,
    QuestionAnswerMessage,
    QuestionMessage,
    QuestionThreadMessage,
    QuestionUpdateMessage,
)
from bot.services.questions import questions
from bot.slack.client.sender import Sender
from bot.slack.outbox.messages.send import (
    AfterDelivery,
    post_text,
    post_to_recipient,
    update_in_place,
)
from bot.slack.views import questions_coordinator, short_messages
from storage.queries import questions_and_flags, upsert
from storage.queries.questions_and_flags import QuestionOrFlag
from storage.tables import OutboxMessage, Question, QuestionPost, Task

QUESTION_SENT_TEXT = (
    "You asked: {text}\n"
    "The answer will appear in the thread of this message. To add something, write there. "
    "Until then the task's time limit is paused."
)


async def deliver_question_thread(
    sender: Sender, row: OutboxMessage, queued: QuestionThreadMessage
) -> AfterDelivery:
    """Send experts their own question, which starts the thread for the answer."""
    question = await sender.db.read(questions_and_flags.question_by_id, queued.question_id)
    if question is None:
        return None
    message = short_messages.render_text(QUESTION_SENT_TEXT.format(text=question.text))
    channel = await sender.direct_channel(row.recipient)
    ts = await sender.post(channel, message.text, message.blocks)

    def record_thread(session: Session) -> None:
        questions.record_thread(session, question.id, sender.posted_channel(channel), ts)

    return record_thread


async def deliver_question(
    sender: Sender, row: OutboxMessage, queued: QuestionMessage
) -> AfterDelivery:
    """Send a question to coordinators, with buttons to answer it."""
    question = await sender.db.read(questions_and_flags.question_by_id, queued.question_id)
    if question is None:
        return None
    message = questions_coordinator.render_question(question)
    channel = queued.channel or await sender.direct_channel(row.recipient)
    ts = await sender.post(channel, message.text, message.blocks)

    def record_post(session: Session) -> None:
        post = QuestionPost(channel=sender.posted_channel(channel), ts=ts, question_id=question.id)
        upsert.upsert_row(session, post)

    return record_post


async def deliver_question_answer(
    sender: Sender, row: OutboxMessage, queued: QuestionAnswerMessage
) -> AfterDelivery:
    """Send the answer to the expert, in the thread of the question."""
    thread = await sender.db.read(_read_thread, queued.question_id)
    channel, ts = thread or (None, None)
    return await post_text(sender, row, f"Answer: {queued.text}", channel, ts)


def _read_thread(session: Session, question_id: int) -> tuple[str, str] | None:
    question = session.get_one(Question, question_id)
    channel, thread_ts = question.channel, question.thread_ts
    return (channel, thread_ts) if channel and thread_ts else None


async def deliver_question_update(
    sender: Sender, row: OutboxMessage, queued: QuestionUpdateMessage
) -> AfterDelivery:
    """Update the message of a question for coordinators with its answer."""
    question = await sender.db.read(questions_and_flags.question_by_id, queued.question_id)
    if question:
        message = questions_coordinator.render_question(question)
        await update_in_place(sender, row, message, (queued.channel, queued.message_ts))
    return None


async def deliver_flag(sender: Sender, row: OutboxMessage, queued: FlagMessage) -> AfterDelivery:
    """Send a flag to coordinators, or update its message with the outcome."""
    flag_and_hold = await sender.db.read(_read_flag, queued.flag_id)
    if flag_and_hold is None:
        return None
    flag, is_on_hold = flag_and_hold
    message = questions_coordinator.render_flag(flag, is_on_hold=is_on_hold)
    if queued.message_ts:
        await update_in_place(sender, row, message, (queued.channel, queued.message_ts))
    else:
        await post_to_recipient(sender, row, message, queued.channel)
    return None


def _read_flag(session: Session, flag_id: int) -> tuple[QuestionOrFlag, bool] | None:
    """Return a flag, and whether its task is on hold; None if there is no such flag."""
    flag = questions_and_flags.flag_by_id(session, flag_id)
    if flag is None:
        return None
    return flag, session.get_one(Task, flag.task_id).on_hold_since is not None
