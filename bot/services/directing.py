"""Who directs a campaign, through what, and when: what every deed of a coordinator brings along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.services.auditing import record, subject_of

__all__ = ["By", "subject_of"]


@dataclass(frozen=True, slots=True)
class By:
    """The hand behind a deed: a Slack id or a name, the way it came in, and the moment (aware)."""

    actor: str
    through: str
    at: datetime

    def record(self, session: Session, deed: str, subject: str, **facts: object) -> None:
        """Add the deed to the audit trail."""
        record(session, self.actor, deed, subject, self.at, through=self.through, **facts)
