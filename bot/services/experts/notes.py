"""Notes of coordinators about an expert. No export has them; the person's own data does."""

from __future__ import annotations

from sqlmodel import Session

from bot.errors import BotError, NotFoundError
from bot.services.actors.actor import Actor
from storage.queries.experts import expert_by_slack_id
from storage.tables import Expert

MAX_NOTE_CHARACTERS = 2_000


class LongNoteError(BotError):
    """The note has {count:,} characters; use at most 2,000."""


def note_about(session: Session, slack_id: str) -> str:
    """Return the note about an expert, "" if there is none.

    Raises:
        NotFoundError: the person is no expert.
    """
    return _expert(session, slack_id).note


def change_note(session: Session, slack_id: str, note: str, actor: Actor) -> None:
    """Replace the note about an expert; an empty one removes it. The audit log has no text.

    Raises:
        NotFoundError: the person is no expert.
        LongNoteError: the note is too long.
    """
    expert, text = _expert(session, slack_id), note.strip()
    if len(text) > MAX_NOTE_CHARACTERS:
        raise LongNoteError(count=len(text))
    if text == expert.note:
        return
    expert.note = text
    session.add(expert)
    actor.record(session, "changed a note", f"expert {slack_id}")


def _expert(session: Session, slack_id: str) -> Expert:
    expert = expert_by_slack_id(session, slack_id)
    if expert is None:
        raise NotFoundError(what="expert", name=slack_id, hint="Invite them first.")
    return expert
