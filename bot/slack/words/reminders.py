"""Reminders, and plain sentences to a person."""

from __future__ import annotations

from sqlmodel import Session

from bot.cadence.reminders import Stage
from bot.slack import notes
from bot.slack.sending import Sender
from bot.slack.words.saying import Note, direct, is_bad_time
from storage.tables import Assignment, AssignmentState, Campaign, Outbox


async def say_reminder(sender: Sender, row: Outbox) -> Note:
    """One message for all that waits, with a button that brings it here."""
    waiting = await sender.db.read(_still_open, row.facts["assignments"])
    if not waiting:
        return None
    if await is_bad_time(sender, row.lane):
        return None
    drawn = notes.reminder(waiting, row.facts.get("stage", Stage.FIRST))
    await direct(sender, row, drawn)
    return None


async def say_words(sender: Sender, row: Outbox) -> Note:
    """A sentence to a person, in the DM or the thread it belongs to."""
    drawn = notes.plain_words(row.facts["words"])
    await direct(sender, row, drawn, row.facts.get("thread_ts"))
    return None


def _still_open(session: Session, assignment_ids: list[int]) -> list[str]:
    """Return the campaigns' titles of those assignments that still wait."""
    waiting = [session.get_one(Assignment, number) for number in assignment_ids]
    return [
        session.get_one(Campaign, assignment.campaign_id).title
        for assignment in waiting
        if assignment.state == AssignmentState.DELIVERED
    ]
