"""Settings of the whole workspace, and the schedule of the weekly digest."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlmodel import Session, col, select

from storage.tables import DigestSchedule, WorkspaceSetting


def stored_values(session: Session, names: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the stored value of each of these settings, by name; the others have defaults."""
    query = select(WorkspaceSetting).where(col(WorkspaceSetting.name).in_(names))
    return {row.name: row.value for row in session.exec(query)}


def digest_schedule(session: Session) -> DigestSchedule | None:
    """Return the schedule of the weekly digest, None if it was never scheduled."""
    return session.exec(select(DigestSchedule).order_by(col(DigestSchedule.id)).limit(1)).first()
