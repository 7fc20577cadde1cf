"""The schema that the tables describe, and how its own types are written in a migration."""

from __future__ import annotations

from typing import Literal

from alembic.autogenerate.api import AutogenContext
from sqlmodel import AutoString, SQLModel

from storage import tables
from storage.types import UtcDateTime

SCHEMA = SQLModel.metadata
TABLES = (tables.Campaign, tables.AuditEvent)
"""Named so that the tables are known whenever the schema is asked for."""


def rendered(kind: str, value: object, context: AutogenContext) -> str | Literal[False]:
    """Write our own types shortly; leave everything else to Alembic."""
    if kind == "type" and isinstance(value, UtcDateTime):
        context.imports.add("from storage.types import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and isinstance(value, AutoString):
        length = f"length={value.length}" if value.length else ""
        return f"sa.String({length})"
    return False
