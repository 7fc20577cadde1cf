"""Undoing an import: its items are deleted, unless experts have answered some of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from bot.errors import BotError
from bot.services.actors.actor import Actor, subject_of
from bot.services.items.changes import erase
from storage.queries import item_imports
from storage.queries.item_imports import ImportSummary
from storage.row_id import id_of
from storage.tables import Campaign


class UnknownImportError(BotError):
    """“{campaign}” has no such import. `labelbot import list {campaign}` lists its imports."""


class NothingToUndoError(BotError):
    """“{campaign}” has no import that can be undone."""


class AlreadyUndoneError(BotError):
    """The import of {file} was already undone. Nothing was changed."""


class AnsweredImportError(BotError):
    """{items} of {file} have answers, so nothing was changed. {hint}."""


@dataclass(frozen=True, slots=True)
class UndoneImport:
    """What was undone: the name of the file, the items deleted, the open tasks unassigned."""

    file: str
    items: int
    unassigned: int


def list_imports(session: Session, campaign: Campaign) -> list[ImportSummary]:
    """Return the imports of a campaign that added items, oldest first."""
    return item_imports.list_imports(session, id_of(campaign))


def undo_import(
    session: Session, campaign: Campaign, import_id: int | None, actor: Actor
) -> UndoneImport:
    """Delete the items of an import (None: of the last one). They can be imported again.

    Raises:
        UnknownImportError, NothingToUndoError: there is no such import.
        AlreadyUndoneError: it was undone before.
        AnsweredImportError: experts have answered some of its items.
    """
    number = _last_import(session, campaign) if import_id is None else import_id
    undone = item_imports.locked_import(session, id_of(campaign), number)
    if undone is None:
        raise UnknownImportError(campaign=campaign.name)
    if undone.undone_at:
        raise AlreadyUndoneError(file=undone.file)
    _require_unanswered(session, campaign, number, undone.file)
    count = item_imports.count_items(session, number)
    undone.undone_by, undone.undone_at = actor.name, actor.at
    session.add(undone)
    items, tasks = item_imports.items_of(number), item_imports.tasks_of(number)
    unassigned = erase(session, items, tasks, actor, can_return=True)
    details = {"file": undone.file, "import_id": number, "item_count": count}
    actor.record(session, "undid an import", subject_of(campaign), **details)
    return UndoneImport(undone.file, count, unassigned)


def _last_import(session: Session, campaign: Campaign) -> int:
    open_imports = [one for one in list_imports(session, campaign) if not one.undone_at]
    if not open_imports:
        raise NothingToUndoError(campaign=campaign.name)
    return open_imports[-1].id


def _require_unanswered(session: Session, campaign: Campaign, number: int, file: str) -> None:
    """Raise AnsweredImportError if experts have answered items of an import, also in part."""
    found = item_imports.count_answers(session, number)
    if found.answers:
        hint = (
            f"Delete single items with `/label items {campaign.name}` or "
            f"`labelbot items delete {campaign.name}`"
        )
        count = f"{found.items:,} {'item' if found.items == 1 else 'items'}"
        raise AnsweredImportError(items=count, file=file, hint=hint)
