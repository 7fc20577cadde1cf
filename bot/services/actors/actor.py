"""The actor of a coordinator's action: who acts, from where, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.services.actors.audit_log import record, subject_of

__all__ = ["Actor", "subject_of"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The actor of an action: a Slack id or a name, the origin (Slack, CLI, clock), and the time.

    `at` is timezone-aware.
    """

    name: str
    origin: str
    at: datetime

    def record(self, session: Session, action: str, subject: str, **details: object) -> None:
        """Add an action to the audit log."""
        record(session, self.name, action, subject, self.at, origin=self.origin, **details)
