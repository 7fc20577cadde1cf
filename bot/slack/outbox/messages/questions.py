"""Questions and flags: before the coordinators, and back in the expert's thread."""

from __future__ import annotations

from sqlmodel import Session

from bot.services.questions import questions
from bot.slack.client.sender import Sender
from bot.slack.outbox.messages.send import AfterDelivery, post_to_recipient, update_in_place
from bot.slack.views import questions_coordinator, short_messages
from storage.queries import questions_and_flags, upsert
from storage.queries.questions_and_flags import QuestionOrFlag
from storage.tables import OutboxMessage, Question, QuestionPost, Task

QUESTION_SENT_TEXT = (
    "You asked: {text}\n"
    "The answer comes here, in this message's thread; write there if there is more to say. "
    "Until then the task's clock stands still."
)


async def deliver_question_thread(sender: Sender, row: OutboxMessage) -> AfterDelivery:
    """To the expert: their question, which begins the thread that the answer comes in."""
    raised = await sender.db.read(questions_and_flags.question_by_id, row.payload["question"])
    if raised is None:
        return None
    message = short_messages.render_text(QUESTION_SENT_TEXT.format(text=raised.text))
    channel = await sender.direct_channel(row.recipient)
    ts = await sender.post(channel, message.text, message.blocks)

    def record_thread(session: Session) -> None:
        questions.record_thread(session, raised.id, sender.posted_channel(channel), ts)

    return record_thread


async def deliver_question(sender: Sender, row: OutboxMessage) -> AfterDelivery:
    """To coordinators: a question, and the ways to answer it."""
    raised = await sender.db.read(questions_and_flags.question_by_id, row.payload["question"])
    if raised is None:
        return None
    message = questions_coordinator.render_question(raised)
    channel = row.payload.get("channel") or await sender.direct_channel(row.recipient)
    ts = await sender.post(channel, message.text, message.blocks)

    def record_post(session: Session) -> None:
        post = QuestionPost(channel=sender.posted_channel(channel), ts=ts, question_id=raised.id)
        upsert.upsert_row(session, post)

    return record_post


async def deliver_question_answer(sender: Sender, row: OutboxMessage) -> AfterDelivery:
    """To the expert: the answer, in the thread of their question."""
    thread = await sender.db.read(_read_thread, row.payload["question"])
    message = short_messages.render_text(f"Answer: {row.payload['words']}")
    channel, ts = thread or (await sender.direct_channel(row.recipient), None)
    await sender.post(channel, message.text, message.blocks, ts)
    return None


def _read_thread(session: Session, question_id: int) -> tuple[str, str] | None:
    asked = session.get_one(Question, question_id)
    return (asked.channel, asked.thread_ts) if asked.channel and asked.thread_ts else None


async def deliver_question_update(sender: Sender, row: OutboxMessage) -> AfterDelivery:
    """To coordinators: the message of a question says what was answered."""
    raised = await sender.db.read(questions_and_flags.question_by_id, row.payload["question"])
    if raised:
        await update_in_place(sender, row, questions_coordinator.render_question(raised))
    return None


async def deliver_flag(sender: Sender, row: OutboxMessage) -> AfterDelivery:
    """To coordinators: a flag, or what became of it where it stood."""
    found = await sender.db.read(_read_flag, row.payload["flag"])
    if found is None:
        return None
    raised, is_on_hold = found
    message = questions_coordinator.render_flag(raised, is_on_hold=is_on_hold)
    if row.payload.get("message_ts"):
        await update_in_place(sender, row, message)
    else:
        await post_to_recipient(sender, row, message)
    return None


def _read_flag(session: Session, flag_id: int) -> tuple[QuestionOrFlag, bool] | None:
    raised = questions_and_flags.flag_by_id(session, flag_id)
    if raised is None:
        return None
    return raised, session.get_one(Task, raised.task_id).on_hold_since is not None
