"""Tasks: the next one, the receipt of the last, and what becomes of older messages."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from bot.services import pushing, serving
from bot.services.serving import Page, TaskView
from bot.slack import cards, notes
from bot.slack.cards import Drawn
from bot.slack.sending import Sender
from bot.slack.words.saying import Note, clicked_on, in_place
from storage.queries import tasks, telling
from storage.tables import Assignment, AssignmentState, Expert, Outbox


async def say_turn(sender: Sender, row: Outbox) -> Note:
    """After a deed: the receipt and the next task take the place of the message clicked on."""
    after = row.facts["assignment"]
    page = await _page(sender, row, after, is_asked=after is None)
    if page is None:
        return None
    drawn = cards.draw(page)
    where = await _clicked_on(sender, row, after)
    if not await in_place(sender, row, drawn, where):
        where = await _posted(sender, row.lane, page, drawn)
    return _page_shown(sender, row, page, where, drawn)


async def say_task(sender: Sender, row: Outbox) -> Note:
    """The next task as a new message: new work, or because the expert asked for it."""
    is_asked = bool(row.facts.get("asked"))
    if row.facts.get("pushed") and await sender.db.write(
        pushing.is_too_late, row.lane, sender.clock.now()
    ):
        return None
    page = await _page(sender, row, None, is_asked=is_asked)
    if page is None or not (page.task or page.stop or is_asked):
        return None
    drawn = cards.draw(page)
    where = await _posted(sender, row.lane, page, drawn)
    return _page_shown(sender, row, page, where, drawn)


async def say_retired(sender: Sender, row: Outbox) -> Note:
    """A task is shown in a newer message: the older one says so, unless it shows another by now."""
    channel, ts = row.facts["channel"], row.facts["message_ts"]
    if not await sender.db.read(_shows_open_task, channel, ts):
        drawn = notes.further_down()
        await sender.update(channel, ts, drawn.text, drawn.blocks)
    return None


async def say_expired(sender: Sender, row: Outbox) -> Note:
    """The task went to somebody else: its message says so, and how to get another."""
    assignment = await sender.db.read(_assignment, row.facts["assignment"])
    channel, ts = assignment.channel, assignment.message_ts
    if channel and ts and not await sender.db.read(_shows_open_task, channel, ts):
        drawn = notes.moved_on()
        await sender.update(channel, ts, drawn.text, drawn.blocks)
    return None


async def say_released(sender: Sender, row: Outbox) -> Note:
    """The task moved on because its expert is away: its message says so, and makes no sound."""
    assignment = await sender.db.read(_assignment, row.facts["assignment"])
    channel, ts = assignment.channel, assignment.message_ts
    if channel and ts and not await sender.db.read(_shows_open_task, channel, ts):
        drawn = notes.moved_on_meanwhile()
        await sender.update(channel, ts, drawn.text, drawn.blocks)
    return None


async def say_recalled(sender: Sender, row: Outbox) -> Note:
    """A task that was answered, once more, with what was answered: any tap changes it."""
    assignment = await sender.db.read(_assignment, row.facts["assignment"])
    task = await sender.db.read(serving.task_view, assignment)
    drawn = cards.draw_recalled(task)
    channel = task.channel or await sender.direct_channel(row.lane)
    ts = await sender.post(channel, drawn.text, drawn.blocks)
    return _shown(sender, row.lane, task, (sender.where(channel), ts), drawn)


async def _clicked_on(sender: Sender, row: Outbox, assignment: int | None) -> tuple[str, str]:
    """Return which message was clicked on: what the click said, else where its task was shown."""
    said = clicked_on(row)
    if all(said) or assignment is None:
        return said
    task = await sender.db.read(_assignment, assignment)
    return task.channel or "", task.message_ts or ""


async def _page(sender: Sender, row: Outbox, after: int | None, *, is_asked: bool) -> Page | None:
    now = sender.clock.now()
    turn = await sender.db.write(serving.serve, row.lane, after, now, is_asked=is_asked)
    return await sender.db.read(serving.draw, turn) if turn else None


async def _posted(sender: Sender, lane: str, page: Page, drawn: Drawn) -> tuple[str, str]:
    channel = page.channel or await sender.direct_channel(lane)
    ts = await sender.post(channel, drawn.text, drawn.blocks)
    return sender.where(channel), ts


def _page_shown(
    sender: Sender, row: Outbox, page: Page, where: tuple[str, str], drawn: Drawn
) -> Note:
    """Write down where the task is, and at the first time where its expert is spoken to."""
    shown = _shown(sender, row.lane, page.task, where, drawn)
    if shown is None or page.channel:
        return shown

    def note(session: Session) -> None:
        shown(session)
        met = update(Expert).where(col(Expert.slack_id) == row.lane, col(Expert.channel).is_(None))
        session.connection().execute(met.values(channel=where[0]))

    return note


def _shown(
    sender: Sender, lane: str, task: TaskView | None, where: tuple[str, str], drawn: Drawn
) -> Note:
    """Write down where the task is now, and that an older message of it is to be retired.

    That is a message of its own: were it to fail here, the task would be posted once more.
    """
    if task is None:
        return None
    channel, ts = where
    old = {"channel": task.channel, "message_ts": task.message_ts}
    has_moved = task.channel and task.message_ts and task.message_ts != ts
    now = sender.clock.now()

    def note(session: Session) -> None:
        if has_moved:
            telling.put(session, "retired", lane=lane, facts=old, now=now)
        _note_shown(session, task.id, channel, ts, drawn.shown)

    return note


def _note_shown(
    session: Session, assignment_id: int, channel: str, ts: str, shown: dict[str, Any]
) -> None:
    where = update(Assignment).where(col(Assignment.id) == assignment_id)
    session.connection().execute(where.values(channel=channel, message_ts=ts, shown=shown))


def _shows_open_task(session: Session, channel: str, ts: str) -> bool:
    shown = tasks.in_thread(session, channel, ts)
    return shown is not None and shown.state == AssignmentState.DELIVERED


def _assignment(session: Session, assignment_id: int) -> Assignment:
    return session.get_one(Assignment, assignment_id)
