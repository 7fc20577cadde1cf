"""The table of the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime_column, json_object_column


class AuditEvent(SQLModel, table=True):
    """A change of state: who did what to which subject, and through what. Rows are only added."""

    __tablename__ = "audit_event"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = datetime_column(index=True)
    actor: str
    action: str
    subject: str
    origin: str
    details: dict[str, Any] = json_object_column()
