"""Every word of the outbox and how it is said: drawn now, from what the database says now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import update
from sqlmodel import Session, col

from bot.errors import BotError
from bot.services import campaigning, listening, serving, writing
from bot.services.serving import Page, TaskView
from bot.slack import cards, notes
from bot.slack.cards import Drawn
from bot.slack.fetching import fetch_text
from bot.slack.sending import Sender
from bot.slack.written import text_of
from storage.queries import tasks, telling
from storage.tables import Assignment, AssignmentState, Campaign, Expert, ExportRun, Outbox

Note: TypeAlias = Callable[[Session], None] | None
"""What to write down in the transaction that settles the message."""

Say: TypeAlias = Callable[[Sender, Outbox], Awaitable[Note]]

BIGGEST_UPLOAD = 50_000_000
"""Bytes of an export that are sent into Slack; a bigger one is only named."""


async def say_turn(sender: Sender, row: Outbox) -> Note:
    """After a deed: the receipt and the next task take the place of the message clicked on."""
    page = await _page(sender, row, row.facts["assignment"])
    if page is None:
        return None
    drawn = cards.draw(page)
    where = (row.facts.get("channel") or "", row.facts.get("message_ts") or "")
    if not await _in_place(sender, row, drawn):
        where = await _posted(sender, row.lane, page, drawn)
    return _shown(sender, row.lane, page.task, where, drawn)


async def say_task(sender: Sender, row: Outbox) -> Note:
    """The next task as a new message: new work, or because the expert asked for it."""
    page = await _page(sender, row, None)
    if page is None or (page.task is None and not row.facts.get("asked")):
        return None
    drawn = cards.draw(page)
    where = await _posted(sender, row.lane, page, drawn)
    return _shown(sender, row.lane, page.task, where, drawn)


async def say_retired(sender: Sender, row: Outbox) -> Note:
    """A task is shown in a newer message: the older one says so, unless it shows another by now."""
    channel, ts = row.facts["channel"], row.facts["message_ts"]
    if not await sender.db.read(_shows_open_task, channel, ts):
        drawn = notes.further_down()
        await sender.update(channel, ts, drawn.text, drawn.blocks)
    return None


async def say_reminder(sender: Sender, row: Outbox) -> Note:
    """One message for all that waits, with a button that brings it here."""
    waiting = await sender.db.read(_still_open, row.facts["assignments"])
    if not waiting:
        return None
    drawn = notes.reminder(waiting)
    await _direct(sender, row, drawn)
    return None


async def say_expired(sender: Sender, row: Outbox) -> Note:
    """The task went to somebody else: its message says so, and how to get another."""
    assignment = await sender.db.read(_assignment, row.facts["assignment"])
    channel, ts = assignment.channel, assignment.message_ts
    if channel and ts and not await sender.db.read(_shows_open_task, channel, ts):
        drawn = notes.moved_on()
        await sender.update(channel, ts, drawn.text, drawn.blocks)
    return None


async def say_piece(sender: Sender, row: Outbox) -> Note:
    """In the thread: how much of the response is there, and the button that saves it."""
    draft = await sender.db.read(writing.draft_of, row.facts["assignment"])
    drawn = notes.piece(row.facts["assignment"], draft)
    channel, thread_ts = row.facts["channel"], row.facts["message_ts"]
    await sender.post(channel, drawn.text, drawn.blocks, thread_ts)
    return None


async def say_saved(sender: Sender, row: Outbox) -> Note:
    """In the thread: the response is stored."""
    await _in_place(sender, row, notes.saved(row.facts["characters"]))
    return None


async def take_message(sender: Sender, row: Outbox) -> Note:
    """Understand what a person wrote."""
    text, now = text_of(row.facts), sender.clock.now()
    message = {"user": row.lane, **row.facts}

    def note(session: Session) -> None:
        listening.understand(session, message, text, now)

    return note


async def take_file(sender: Sender, row: Outbox) -> Note:
    """Fetch a text file from the thread and add it to the response; say so if it can not be."""
    facts = row.facts
    now = sender.clock.now()
    try:
        home = sender.client.base_url
        text = await fetch_text(facts["url"], facts["name"], sender.token, home)
        await sender.db.write(writing.add_piece, facts["assignment"], facts["ts"], text, now)
    except BotError as error:
        drawn = notes.plain_words(str(error))
        await sender.post(facts["channel"], drawn.text, drawn.blocks, facts["message_ts"])
    return None


async def say_words(sender: Sender, row: Outbox) -> Note:
    """A sentence to a person, in the DM or the thread it belongs to."""
    drawn = notes.plain_words(row.facts["words"])
    await _direct(sender, row, drawn, row.facts.get("thread_ts"))
    return None


async def say_exported(sender: Sender, row: Outbox) -> Note:
    """An export that somebody asked for is there (or failed): what it holds, and the file."""
    run, campaign = await sender.db.read(_run, row.facts["run"])
    channel = await sender.direct_channel(row.lane)
    is_blind = await sender.db.read(campaigning.is_labelling, campaign.id or 0, row.lane)
    drawn = notes.exported(run, campaign.title, stays_away=is_blind)
    await sender.post(channel, drawn.text, drawn.blocks)
    if is_blind:
        return None
    data = Path(run.path) / "data.jsonl" if run.path else None
    if data and data.exists() and 0 < data.stat().st_size <= BIGGEST_UPLOAD:
        name = f"{campaign.name}-{run.format}.jsonl"
        await sender.client.files_upload_v2(file=str(data), filename=name, channel=channel)
    return None


WORDS: dict[str, Say] = {
    "turn": say_turn,
    "task": say_task,
    "retired": say_retired,
    "reminder": say_reminder,
    "expired": say_expired,
    "piece": say_piece,
    "saved": say_saved,
    "heard": take_message,
    "file": take_file,
    "words": say_words,
    "exported": say_exported,
}


async def _page(sender: Sender, row: Outbox, after: int | None) -> Page | None:
    return await sender.db.write(serving.page_for, row.lane, after, sender.clock.now())


async def _posted(sender: Sender, lane: str, page: Page, drawn: Drawn) -> tuple[str, str]:
    channel = page.channel or await sender.direct_channel(lane)
    return channel, await sender.post(channel, drawn.text, drawn.blocks)


async def _in_place(sender: Sender, row: Outbox, drawn: Drawn) -> bool:
    """Replace the message clicked on: through its response_url, else as an update."""
    url = row.response_url
    if url and await sender.replace(url, row.created_at, drawn.text, drawn.blocks):
        return True
    channel, ts = row.facts.get("channel"), row.facts.get("message_ts")
    if not channel or not ts:
        return False
    return await sender.update(channel, ts, drawn.text, drawn.blocks)


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
        known = update(Expert).where(col(Expert.slack_id) == lane, col(Expert.channel).is_(None))
        session.connection().execute(known.values(channel=channel))

    return note


def _note_shown(
    session: Session, assignment_id: int, channel: str, ts: str, shown: dict[str, Any]
) -> None:
    where = update(Assignment).where(col(Assignment.id) == assignment_id)
    session.connection().execute(where.values(channel=channel, message_ts=ts, shown=shown))


async def _direct(sender: Sender, row: Outbox, drawn: Drawn, thread_ts: str | None = None) -> None:
    channel = row.facts.get("channel") or await sender.direct_channel(row.lane)
    await sender.post(channel, drawn.text, drawn.blocks, thread_ts)


def _shows_open_task(session: Session, channel: str, ts: str) -> bool:
    shown = tasks.in_thread(session, channel, ts)
    return shown is not None and shown.state == AssignmentState.DELIVERED


def _assignment(session: Session, assignment_id: int) -> Assignment:
    return session.get_one(Assignment, assignment_id)


def _run(session: Session, run_id: int) -> tuple[ExportRun, Campaign]:
    run = session.get_one(ExportRun, run_id)
    return run, session.get_one(Campaign, run.campaign_id)


def _still_open(session: Session, assignment_ids: list[int]) -> list[str]:
    """Return the campaigns' titles of those assignments that still wait."""
    waiting = [session.get_one(Assignment, number) for number in assignment_ids]
    return [
        session.get_one(Campaign, assignment.campaign_id).title
        for assignment in waiting
        if assignment.state == AssignmentState.DELIVERED
    ]
