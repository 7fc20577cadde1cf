"""The time zone of a coordinator in Slack, fetched while a modal opens."""

from __future__ import annotations

import asyncio

from slack_sdk.errors import SlackApiError

from bot.services.campaigns import create
from bot.slack.client.sender import Sender

TIMEOUT_SECONDS = 1.0
"""Short, because the modal must open within three seconds of the tap."""


async def fetch_time_zone(sender: Sender, slack_id: str) -> str:
    """Fetch and store the time zone of a person; return "" if Slack does not answer in time."""
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            response = await sender.call("users.info", {"user": slack_id})
    except (SlackApiError, TimeoutError):
        return ""
    tz = str(response["user"].get("tz") or "")
    if tz:
        await sender.db.write(create.store_time_zone, slack_id, tz, sender.clock.now())
    return tz
