"""Settings of the whole workspace, and the schedule of the weekly digest."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from storage.tables import DigestSchedule, WorkspaceSetting


def stored_values(session: Session, names: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the stored value of each of these settings, by name; the others have defaults."""
    query = select(WorkspaceSetting).where(col(WorkspaceSetting.name).in_(names))
    return {row.name: row.value for row in session.exec(query)}


def digest_schedule(session: Session) -> DigestSchedule | None:
    """Return the schedule of the weekly digest, None if it was never scheduled."""
    return session.exec(select(DigestSchedule).order_by(col(DigestSchedule.id)).limit(1)).first()


def add_missing(
    session: Session, name: str, value: dict[str, Any], *, changed_by: str, now: datetime
) -> None:
    """Store a setting, unless it has a value already, also from another process."""
    dialect = sqlite if session.connection().dialect.name == "sqlite" else postgresql
    row = {"name": name, "value": value, "changed_by": changed_by, "changed_at": now}
    session.connection().execute(
        dialect.insert(WorkspaceSetting).values(row).on_conflict_do_nothing()
    )
