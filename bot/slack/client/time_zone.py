"""The time zone of a coordinator, as Slack knows it: asked while they wait for a window."""

from __future__ import annotations

import asyncio

from slack_sdk.errors import SlackApiError

from bot.services.campaigns import create
from bot.slack.client.sender import Sender

TIMEOUT_SECONDS = 1.0
"""Seconds: the window must open within three of the tap."""


async def fetch_time_zone(sender: Sender, slack_id: str) -> str:
    """Return the zone of a person and keep it; "" if Slack does not say at once."""
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            answer = await sender.call("users.info", {"user": slack_id})
    except (SlackApiError, TimeoutError):
        return ""
    tz = str(answer["user"].get("tz") or "")
    if tz:
        await sender.db.write(create.store_time_zone, slack_id, tz, sender.clock.now())
    return tz
