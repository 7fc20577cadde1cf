"""Versions of a campaign's guidelines."""

from __future__ import annotations

from sqlmodel import Session, col, select

from storage.tables import GuidelinesVersion


def list_versions(session: Session, campaign_id: int, *, since: int = 0) -> list[GuidelinesVersion]:
    """Return the versions of a campaign's guidelines after version `since`, oldest first."""
    query = select(GuidelinesVersion).where(
        GuidelinesVersion.campaign_id == campaign_id, col(GuidelinesVersion.version) > since
    )
    return list(session.exec(query.order_by(col(GuidelinesVersion.version))))
