"""The record of every change of state: who, what, to which thing, through what."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from storage.tables import AuditEvent

SLACK, COMMAND_LINE, CLOCK = "slack", "command line", "clock"


def record(  # noqa: PLR0913 - they are what an event says
    session: Session,
    actor: str,
    deed: str,
    subject: str,
    at: datetime,
    *,
    through: str = SLACK,
    **facts: object,
) -> None:
    """Add one event. `actor` is a Slack id, or the name of the part of the bot that acted."""
    session.add(
        AuditEvent(at=at, actor=actor, deed=deed, subject=subject, through=through, facts=facts)
    )
