"""Upserts that are safe under concurrency."""

from __future__ import annotations

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, SQLModel


def upsert_row(session: Session, row: SQLModel) -> None:
    """Insert a row, or replace the one with the same primary key.

    Of two concurrent upserts neither fails: the second waits for the first and overwrites it.
    """
    table, values = type(row), row.model_dump()
    keys = [column.name for column in inspect(table).primary_key]
    connection = session.connection()
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(table).values(values)
    changed = {name: insert.excluded[name] for name in values if name not in keys}
    session.flush()
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=changed))
    loaded = session.identity_map.get(identity_key(instance=row))
    if loaded is not None:
        session.refresh(loaded)
