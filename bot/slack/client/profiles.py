"""Reading who an expert is from Slack: name, zone and status, and whether they want messages."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.cadence.do_not_disturb import MAX_TIMESTAMP
from bot.services.experts import profiles
from bot.services.experts.profiles import Profile
from bot.slack.client.sender import Sender
from bot.slack.client.web_client import PERMANENT_ERRORS, error_code, retry_after_seconds

log = logging.getLogger(__name__)


def parse_profile(user: Mapping[str, Any]) -> Profile:
    """Read a user object of Slack's, of users.info or user_change."""
    profile = user.get("profile") or {}
    ends = profile.get("status_expiration") or 0
    return Profile(
        name=user.get("real_name") or profile.get("real_name") or user.get("name") or "",
        tz=user.get("tz") or "UTC",
        status=profile.get("status_text") or "",
        emoji=profile.get("status_emoji") or "",
        status_ends_at=datetime.fromtimestamp(ends, UTC) if 0 < ends < MAX_TIMESTAMP else None,
        is_deactivated=bool(user.get("deleted")),
    )


async def fetch_profiles(sender: Sender, slack_ids: Sequence[str]) -> None:
    """Ask Slack who these people are and keep it.

    Somebody whom Slack does not know keeps the defaults: their first task will say so in the log.
    Whoever could not be asked about now is asked about at the next tick, and keeps nobody waiting.
    """
    for slack_id in slack_ids:
        asked_at = sender.clock.now()
        try:
            answer = await sender.call("users.info", {"user": slack_id})
        except SlackApiError as error:
            if retry_after_seconds(error) is not None:
                return
            if error_code(error) not in PERMANENT_ERRORS:
                log.warning("could not ask about %s: %s", slack_id, error_code(error))
                continue
            log.warning("Slack does not know the expert %s: %s", slack_id, error_code(error))
            profile = None
        else:
            profile = parse_profile(answer.get("user") or {})
        now = sender.clock.now()
        await sender.db.write(profiles.save_profile, slack_id, profile, now, asked_at)


async def fetch_dnd_status(sender: Sender, slack_ids: Sequence[str]) -> None:
    """Ask Slack whether these people want messages now, and keep it.

    Where Slack will not tell, working hours alone count. After a rate limit the rest waits.
    """
    for slack_id in slack_ids:
        asked_at = sender.clock.now()
        try:
            answer = await sender.call("dnd.info", {"user": slack_id})
        except SlackApiError as error:
            if retry_after_seconds(error) is not None:
                return
            log.warning("could not ask if %s is not to be disturbed: %s", slack_id, error)
            dnd_fields: Mapping[str, Any] = {}
        else:
            dnd_fields = {name: answer.get(name) for name in ("dnd_enabled", *DND_TIME_FIELDS)}
        now = sender.clock.now()
        await sender.db.write(profiles.save_dnd, slack_id, dnd_fields, now, asked_at)


DND_TIME_FIELDS = ("next_dnd_start_ts", "next_dnd_end_ts")
"""When the present spell of Do Not Disturb, or the next one, begins and ends."""
