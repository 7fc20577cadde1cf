"""Rows that take the place of what was there, whoever else does the same in the same moment."""

from __future__ import annotations

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, SQLModel


def upsert_row(session: Session, row: SQLModel) -> None:
    """Keep a row in place of the one with the same primary key, if there is one.

    Of two who do so at once neither is refused: the second waits for the first, and stays.
    """
    table, values = type(row), row.model_dump()
    keys = [column.name for column in inspect(table).primary_key]
    connection = session.connection()
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(table).values(values)
    changed = {name: insert.excluded[name] for name in values if name not in keys}
    session.flush()
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=changed))
    before = session.identity_map.get(identity_key(instance=row))
    if before is not None:
        session.refresh(before)
