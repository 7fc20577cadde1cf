"""Reading who an expert is from Slack: name, zone and status, and whether they want messages."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.cadence.quiet import LATEST
from bot.services import profiling
from bot.services.profiling import Profile
from bot.slack.client import HOPELESS, error_code, retry_after
from bot.slack.sending import Sender

log = logging.getLogger(__name__)


def profile_from(user: Mapping[str, Any]) -> Profile:
    """Read a user object of Slack's, of users.info or user_change."""
    said = user.get("profile") or {}
    ends = said.get("status_expiration") or 0
    return Profile(
        name=user.get("real_name") or said.get("real_name") or user.get("name") or "",
        tz=user.get("tz") or "UTC",
        status=said.get("status_text") or "",
        emoji=said.get("status_emoji") or "",
        status_ends=datetime.fromtimestamp(ends, UTC) if 0 < ends < LATEST else None,
        is_gone=bool(user.get("deleted")),
    )


async def fetch_profiles(sender: Sender, slack_ids: Sequence[str]) -> None:
    """Ask Slack who these people are and keep it.

    Somebody whom Slack does not know keeps the defaults: their first task will say so in the log.
    Whoever could not be asked about now is asked about at the next tick, and keeps nobody waiting.
    """
    for slack_id in slack_ids:
        asked = sender.clock.now()
        try:
            answer = await sender.call("users.info", {"user": slack_id})
        except SlackApiError as error:
            if retry_after(error) is not None:
                return
            if error_code(error) not in HOPELESS:
                log.warning("could not ask about %s: %s", slack_id, error_code(error))
                continue
            log.warning("Slack does not know the expert %s: %s", slack_id, error_code(error))
            profile = None
        else:
            profile = profile_from(answer.get("user") or {})
        now = sender.clock.now()
        await sender.db.write(profiling.keep_profile, slack_id, profile, now, asked)


async def fetch_quiet(sender: Sender, slack_ids: Sequence[str]) -> None:
    """Ask Slack whether these people want messages now, and keep it.

    Where Slack will not tell, working hours alone count. After a rate limit the rest waits.
    """
    for slack_id in slack_ids:
        asked = sender.clock.now()
        try:
            answer = await sender.call("dnd.info", {"user": slack_id})
        except SlackApiError as error:
            if retry_after(error) is not None:
                return
            log.warning("could not ask if %s is not to be disturbed: %s", slack_id, error)
            told: Mapping[str, Any] = {}
        else:
            told = {name: answer.get(name) for name in ("dnd_enabled", *TIMES)}
        now = sender.clock.now()
        await sender.db.write(profiling.keep_quiet, slack_id, told, now, asked)


TIMES = ("next_dnd_start_ts", "next_dnd_end_ts")
"""When the present spell of Do Not Disturb, or the next one, begins and ends."""
