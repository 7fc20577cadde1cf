"""One interaction of a person in Slack: who, when, and on which message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Interaction:
    """One interaction of one person in Slack.

    `id` is the same when Slack delivers the same interaction again, and unique otherwise.
    `response_url`, `channel` and `message_ts` belong to the message the person clicked; all three
    are None if the interaction did not come from a message.
    """

    slack_id: str
    id: str
    at: datetime
    response_url: str | None = None
    channel: str | None = None
    message_ts: str | None = None
