"""Imports of items: who imported which file, and how many of its items are left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import and_, func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.tables import Assignment, Item, ItemImport, Task


class ImportSummary(NamedTuple):
    """An import, and how many of its items are left. `undone_at`: None if it was not undone."""

    id: int
    file: str
    imported_by: str
    created_at: datetime
    items: int
    undone_at: datetime | None


class AnswerCount(NamedTuple):
    """How many answers there are, and to how many items."""

    answers: int
    items: int


def imports_of(session: Session, campaign_id: int) -> Sequence[ItemImport]:
    """Return all imports into a campaign, oldest first."""
    query = select(ItemImport).where(ItemImport.campaign_id == campaign_id)
    return session.exec(query.order_by(col(ItemImport.id))).all()


def import_of_item(session: Session, item_id: int) -> ItemImport | None:
    """Return the import that added an item; None for items older than the table."""
    query = (
        select(ItemImport)
        .join(Item, and_(col(Item.import_id) == col(ItemImport.id)))
        .where(Item.id == item_id)
    )
    return session.exec(query).first()


def list_imports(session: Session, campaign_id: int) -> list[ImportSummary]:
    """Return the imports of a campaign that added items, oldest first."""
    count: Any = func.count()
    left = count.filter(col(Item.deleted_at).is_(None))
    query = (
        select(  # type: ignore[call-overload]  # SQLModel types up to four columns
            ItemImport.id,
            ItemImport.file,
            ItemImport.imported_by,
            ItemImport.created_at,
            left,
            ItemImport.undone_at,
        )
        .join(Item, col(Item.import_id) == col(ItemImport.id))
        .where(ItemImport.campaign_id == campaign_id)
        .group_by(col(ItemImport.id))
        .order_by(col(ItemImport.id))
    )
    return [ImportSummary(*row) for row in session.exec(query)]


def locked_import(session: Session, campaign_id: int, import_id: int) -> ItemImport | None:
    """Return an import of a campaign, locked; None if the campaign has no such import."""
    query = select(ItemImport).where(
        ItemImport.id == import_id, ItemImport.campaign_id == campaign_id
    )
    return session.exec(query.with_for_update()).first()


def items_of(import_id: int) -> SelectOfScalar[int | None]:
    """Return a query for the items of an import that are not deleted."""
    query: Any = select(Item.id).where(Item.import_id == import_id, col(Item.deleted_at).is_(None))
    return cast("SelectOfScalar[int | None]", query)


def tasks_of(import_id: int) -> SelectOfScalar[int | None]:
    """Return a query for the tasks of the items of an import that are not deleted."""
    query: Any = select(Task.id).where(col(Task.item_id).in_(items_of(import_id)))
    return cast("SelectOfScalar[int | None]", query)


def count_items(session: Session, import_id: int) -> int:
    """Return how many items of an import are not deleted."""
    return session.exec(select(func.count()).select_from(items_of(import_id).subquery())).one()


def count_answers(session: Session, import_id: int) -> AnswerCount:
    """Return how many answers the items of an import have, finished or not."""
    query: Any = (
        select(func.count(), func.count(func.distinct(Task.item_id)))
        .select_from(Assignment)
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .where(col(Task.id).in_(tasks_of(import_id)), col(Assignment.value).is_not(None))
    )
    return AnswerCount(*session.exec(query).one())
