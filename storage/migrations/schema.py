"""The schema that the tables define, and how a migration writes its types."""

from __future__ import annotations

from typing import Any, Literal

from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, Column
from sqlmodel import AutoString

from storage.tables import Campaign
from storage.types import UtcDateTime

METADATA = Campaign.metadata
"""Metadata of all tables: importing one of them imports the whole package."""


def render_item(kind: str, value: object, context: AutogenContext) -> str | Literal[False]:
    """Write our own column types in short form; leave everything else to Alembic."""
    if kind == "type" and isinstance(value, UtcDateTime):
        context.imports.add("from storage.types import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and isinstance(value, AutoString):
        length = f"length={value.length}" if value.length else ""
        return f"sa.String({length})"
    return False


def default_differs(
    _context: object,
    _inspected_column: object,
    column: Column[Any],
    inspected_default: str | None,
    _metadata_default: object,
    rendered_default: str | None,
) -> bool | None:
    """Return whether the default of a JSON column differs; leave other columns to Alembic.

    Alembic would ask the database, and PostgreSQL cannot compare JSON.
    """
    if not isinstance(column.type, JSON):
        return None
    return _strip_quoting(inspected_default) != _strip_quoting(rendered_default)


def _strip_quoting(default: str | None) -> str:
    return (default or "").partition("::")[0].strip("()'")
