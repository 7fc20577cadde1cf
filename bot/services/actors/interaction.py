"""Who did what, through which click: what every deed of an expert brings along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Interaction:
    """One deed of one person in Slack.

    `nonce` is the same whenever Slack delivers the same deed again, and different for another.
    `response_url` belongs to the message the person clicked on, which `channel` and `message_ts`
    name; all three are None where the deed came from somewhere else.
    """

    slack_id: str
    id: str
    at: datetime
    response_url: str | None = None
    channel: str | None = None
    message_ts: str | None = None
