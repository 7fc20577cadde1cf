"""The schema that the tables describe, and how its own types are written in a migration."""

from __future__ import annotations

from typing import Any, Literal

from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, Column
from sqlmodel import AutoString, SQLModel

from storage import tables
from storage.types import UtcDateTime

METADATA = SQLModel.metadata
TABLES = (tables.Campaign, tables.AuditEvent)
"""Named so that the tables are known whenever the schema is asked for."""


def render_item(kind: str, value: object, context: AutogenContext) -> str | Literal[False]:
    """Write our own types shortly; leave everything else to Alembic."""
    if kind == "type" and isinstance(value, UtcDateTime):
        context.imports.add("from storage.types import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and isinstance(value, AutoString):
        length = f"length={value.length}" if value.length else ""
        return f"sa.String({length})"
    return False


def default_differs(
    _context: object,
    _found: object,
    column: Column[Any],
    found_default: str | None,
    _default: object,
    wanted_default: str | None,
) -> bool | None:
    """Say whether a column of JSON has another default; leave every other to Alembic.

    It would ask the database, and PostgreSQL does not compare JSON.
    """
    if not isinstance(column.type, JSON):
        return None
    return _strip_quoting(found_default) != _strip_quoting(wanted_default)


def _strip_quoting(default: str | None) -> str:
    return (default or "").partition("::")[0].strip("()'")
