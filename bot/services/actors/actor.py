"""Who directs a campaign, through what, and when: what every deed of a coordinator brings along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.services.actors.audit_log import record, subject_of

__all__ = ["Actor", "subject_of"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The hand behind a deed: a Slack id or a name, the way it came in, and the moment (aware)."""

    name: str
    origin: str
    at: datetime

    def record(self, session: Session, action: str, subject: str, **details: object) -> None:
        """Add the deed to the audit trail."""
        record(session, self.name, action, subject, self.at, origin=self.origin, **details)
