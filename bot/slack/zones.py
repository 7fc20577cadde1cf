"""The time zone of a coordinator, as Slack knows it: asked while they wait for a window."""

from __future__ import annotations

import asyncio

from slack_sdk.errors import SlackApiError

from bot.services import founding
from bot.slack.sending import Sender

PATIENCE = 1.0
"""Seconds: the window must open within three of the tap."""


async def zone_in_slack(sender: Sender, slack_id: str) -> str:
    """Return the zone of a person and keep it; "" if Slack does not say at once."""
    try:
        async with asyncio.timeout(PATIENCE):
            answer = await sender.call("users.info", {"user": slack_id})
    except (SlackApiError, TimeoutError):
        return ""
    tz = str(answer["user"].get("tz") or "")
    if tz:
        await sender.db.write(founding.keep_zone, slack_id, tz, sender.clock.now())
    return tz
