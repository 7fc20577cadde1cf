"""Profiles of experts in Slack: name, time zone, status and Do Not Disturb."""

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
    """Parse a user object of users.info or of a user_change event."""
    profile = user.get("profile") or {}
    ends_at = profile.get("status_expiration") or 0
    return Profile(
        name=user.get("real_name") or profile.get("real_name") or user.get("name") or "",
        tz=user.get("tz") or "UTC",
        status=profile.get("status_text") or "",
        emoji=profile.get("status_emoji") or "",
        status_ends_at=(
            datetime.fromtimestamp(ends_at, UTC) if 0 < ends_at < MAX_TIMESTAMP else None
        ),
        is_deactivated=bool(user.get("deleted")),
    )


async def fetch_profiles(sender: Sender, slack_ids: Sequence[str]) -> None:
    """Fetch profiles from Slack and store them.

    Somebody whom Slack does not know keeps the defaults; the log shows it when the first task is
    sent. A failed request delays nobody else, and the next tick repeats it.
    """
    for slack_id in slack_ids:
        asked_at = sender.clock.now()
        try:
            response = await sender.call("users.info", {"user": slack_id})
        except SlackApiError as error:
            if retry_after_seconds(error) is not None:
                return
            if error_code(error) not in PERMANENT_ERRORS:
                log.warning("could not fetch the profile of %s: %s", slack_id, error_code(error))
                continue
            log.warning("Slack does not know the expert %s: %s", slack_id, error_code(error))
            profile = None
        else:
            profile = parse_profile(response.get("user") or {})
        now = sender.clock.now()
        await sender.db.write(profiles.save_profile, slack_id, profile, now, asked_at)


async def fetch_dnd_status(sender: Sender, slack_ids: Sequence[str]) -> None:
    """Fetch from Slack when these people do not want to be disturbed, and store it.

    If Slack refuses, only their working hours count. After a rate limit the rest waits.
    """
    for slack_id in slack_ids:
        asked_at = sender.clock.now()
        try:
            response = await sender.call("dnd.info", {"user": slack_id})
        except SlackApiError as error:
            if retry_after_seconds(error) is not None:
                return
            log.warning("could not fetch Do Not Disturb of %s: %s", slack_id, error_code(error))
            dnd_fields: Mapping[str, Any] = {}
        else:
            dnd_fields = {name: response.get(name) for name in ("dnd_enabled", *DND_TIME_FIELDS)}
        now = sender.clock.now()
        await sender.db.write(profiles.save_dnd, slack_id, dnd_fields, now, asked_at)


DND_TIME_FIELDS = ("next_dnd_start_ts", "next_dnd_end_ts")
"""When the current or next period of Do Not Disturb begins and ends, as timestamps."""
