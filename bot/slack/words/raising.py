"""Questions and flags: before the coordinators, and back in the expert's thread."""

from __future__ import annotations

from sqlmodel import Session

from bot.services import asking
from bot.slack import notes, tending
from bot.slack.sending import Sender
from bot.slack.words.saying import Note, direct, in_place
from storage.queries import putting, raising
from storage.queries.raising import Raised
from storage.tables import Outbox, Question, QuestionPost, Task

ASKED = (
    "You asked: {text}\n"
    "The answer comes here, in this message's thread; write there if there is more to say. "
    "Until then the task's clock stands still."
)


async def say_asked(sender: Sender, row: Outbox) -> Note:
    """To the expert: their question, which begins the thread that the answer comes in."""
    raised = await sender.db.read(raising.question, row.facts["question"])
    if raised is None:
        return None
    drawn = notes.plain_words(ASKED.format(text=raised.text))
    channel = await sender.direct_channel(row.lane)
    ts = await sender.post(channel, drawn.text, drawn.blocks)

    def note(session: Session) -> None:
        asking.note_thread(session, raised.id, sender.where(channel), ts)

    return note


async def say_question(sender: Sender, row: Outbox) -> Note:
    """To coordinators: a question, and the ways to answer it."""
    raised = await sender.db.read(raising.question, row.facts["question"])
    if raised is None:
        return None
    drawn = tending.question(raised)
    channel = row.facts.get("channel") or await sender.direct_channel(row.lane)
    ts = await sender.post(channel, drawn.text, drawn.blocks)

    def note(session: Session) -> None:
        post = QuestionPost(channel=sender.where(channel), ts=ts, question_id=raised.id)
        putting.put(session, post)

    return note


async def say_reply(sender: Sender, row: Outbox) -> Note:
    """To the expert: the answer, in the thread of their question."""
    where = await sender.db.read(_thread, row.facts["question"])
    drawn = notes.plain_words(f"Answer: {row.facts['words']}")
    channel, ts = where or (await sender.direct_channel(row.lane), None)
    await sender.post(channel, drawn.text, drawn.blocks, ts)
    return None


def _thread(session: Session, question_id: int) -> tuple[str, str] | None:
    asked = session.get_one(Question, question_id)
    return (asked.channel, asked.thread_ts) if asked.channel and asked.thread_ts else None


async def say_settled(sender: Sender, row: Outbox) -> Note:
    """To coordinators: the message of a question says what was answered."""
    raised = await sender.db.read(raising.question, row.facts["question"])
    if raised:
        await in_place(sender, row, tending.question(raised))
    return None


async def say_flagged(sender: Sender, row: Outbox) -> Note:
    """To coordinators: a flag, or what became of it where it stood."""
    found = await sender.db.read(_flag, row.facts["flag"])
    if found is None:
        return None
    raised, is_aside = found
    drawn = tending.flag(raised, is_aside=is_aside)
    if row.facts.get("message_ts"):
        await in_place(sender, row, drawn)
    else:
        await direct(sender, row, drawn)
    return None


def _flag(session: Session, flag_id: int) -> tuple[Raised, bool] | None:
    raised = raising.flag(session, flag_id)
    if raised is None:
        return None
    return raised, session.get_one(Task, raised.task_id).set_aside_at is not None
