"""Columns of imported rows that items keep: which there are."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.tables import Item

LISTED_ITEMS = 10_000
"""Items whose columns are listed. Those of one file have the same ones."""

_COLUMNS = func.json_each(col(Item.meta)).table_valued("key", name="imported")
"""The columns of an item, a row each; SQLite and PostgreSQL have the same function."""


def has_items(session: Session, campaign_id: int) -> bool:
    """Return whether a campaign has items that are not deleted."""
    query = select(Item.id).where(Item.campaign_id == campaign_id, col(Item.deleted_at).is_(None))
    return session.exec(query.limit(1)).first() is not None


def has_column(session: Session, campaign_id: int, name: str) -> bool:
    """Return whether an item of a campaign has a column; reads up to the first that has."""
    query = (
        select(Item.id)
        .join(_COLUMNS, col(Item.id).is_not(None))
        .where(Item.campaign_id == campaign_id, _COLUMNS.c.key == name)
    )
    return session.exec(query.limit(1)).first() is not None


def list_columns(session: Session, campaign_id: int) -> list[str]:
    """Return the columns of the first items of a campaign, sorted."""
    first = (select(Item.id).where(Item.campaign_id == campaign_id).order_by(col(Item.id))).limit(
        LISTED_ITEMS
    )
    query = (
        select(_COLUMNS.c.key)
        .select_from(Item)
        .join(_COLUMNS, col(Item.id).is_not(None))
        .where(col(Item.id).in_(first))
        .distinct()
    )
    return sorted(session.exec(query))
