"""What keeps this process from sending messages to Slack; health and `doctor` report it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class SendingStatus:
    """The failures of the app itself, as opposed to failures of one recipient.

    Attributes:
        stopped_by: Slack's error code that stops all sending, such as `token_revoked`.
        stopped_since: When sending stopped.
        missing_scopes: Slack methods that fail with `missing_scope`, and the scope each needs.
        unreachable_since: When Slack stopped answering.
    """

    stopped_by: str | None = None
    stopped_since: datetime | None = None
    missing_scopes: dict[str, str] = field(default_factory=dict)
    unreachable_since: datetime | None = None
