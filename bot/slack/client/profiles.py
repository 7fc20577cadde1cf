"""Profiles of experts in Slack: name, time zone, status and Do Not Disturb."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.cadence.do_not_disturb import MAX_TIMESTAMP
from bot.cadence.working_hours import is_zone
from bot.services.experts import profiles
from bot.services.experts.profiles import Profile
from bot.slack.client.sender import Sender
from bot.slack.client.web_client import error_code, retry_after_seconds

log = logging.getLogger(__name__)

MAX_NAME_CHARACTERS = 200
"""Longest name that is stored; Slack allows 80 characters."""

UNKNOWN_PERSON_ERRORS = {"user_not_found", "user_not_visible"}
"""Error codes about one person; any other is about the app or Slack."""

MAX_FAILURES_IN_A_ROW = 2
"""Failed requests after which nobody else is asked about: Slack does not answer anyone."""

REQUEST_ERRORS = (SlackApiError, aiohttp.ClientError, OSError, TimeoutError)
"""Errors of a request to Slack."""


def parse_profile(user: Mapping[str, Any]) -> Profile:
    """Parse a user object of users.info or of a user_change event.

    What is missing or has another type is None, so that the values known before stay.
    """
    profile = user.get("profile")
    profile = profile if isinstance(profile, Mapping) else {}
    names = (user.get("real_name"), profile.get("real_name"), user.get("name"))
    status, emoji = profile.get("status_text"), profile.get("status_emoji")
    ends_at, tz = profile.get("status_expiration"), user.get("tz")
    return Profile(
        name=next(filter(None, map(_parse_name, names)), None),
        tz=tz if isinstance(tz, str) and is_zone(tz) else None,
        status=status if isinstance(status, str) else None,
        emoji=emoji if isinstance(emoji, str) else "",
        status_ends_at=(
            datetime.fromtimestamp(ends_at, UTC)
            if type(ends_at) is int and 0 < ends_at < MAX_TIMESTAMP
            else None
        ),
        is_deactivated=user.get("deleted") is True,
    )


def _parse_name(name: object) -> str:
    """Return a name in one line, "" if it is none."""
    if not isinstance(name, str) or len(name) > MAX_NAME_CHARACTERS:
        return ""
    printable = "".join(character if character.isprintable() else " " for character in name)
    return " ".join(printable.split())


async def fetch_profiles(sender: Sender, slack_ids: Sequence[str]) -> None:
    """Fetch profiles from Slack and store them.

    A request that fails for one person alone is repeated at once. A person for whom it fails again,
    or whom Slack does not know, is tried again after a while; the values known before stay. During
    an outage nobody waits: it is logged once, and a later tick repeats all requests.
    """
    if sender.profile_pause.is_active(sender.clock.now()):
        return
    failures, has_answered = await _fetch_each(sender, slack_ids)
    if has_answered:
        sender.profile_pause.end()
        failures, _ = await _fetch_each(sender, list(failures))
        await _record_failures(sender, failures)
    elif failures:
        sender.profile_pause.extend(sender.clock.now())
        reason = next(iter(failures.values()))
        sender.sending_status.record_failure("users.info", "users.info", reason)


async def _fetch_each(sender: Sender, slack_ids: Sequence[str]) -> tuple[dict[str, str], bool]:
    """Return why requests failed, by person, and whether one succeeded; stop at a rate limit."""
    failures: dict[str, str] = {}
    failures_in_a_row, has_answered = 0, False
    for slack_id in slack_ids:
        try:
            await _fetch_profile(sender, slack_id)
        except REQUEST_ERRORS as error:
            if is_rate_limit(error):
                break
            failures[slack_id] = _reason(error)
            failures_in_a_row += 1
            if failures_in_a_row == MAX_FAILURES_IN_A_ROW:
                break
        else:
            failures_in_a_row, has_answered = 0, True
    return failures, has_answered


async def _fetch_profile(sender: Sender, slack_id: str) -> None:
    """Fetch and store the profile of a person; store that Slack does not know them.

    Raises:
        SlackApiError, ClientError, OSError, TimeoutError: it has not answered about anyone.
    """
    requested_at = sender.clock.now()
    profile = None
    try:
        response = await sender.call("users.info", {"user": slack_id})
        user = response.get("user")
        profile = parse_profile(user if isinstance(user, Mapping) else {})
    except SlackApiError as error:
        if error_code(error) not in UNKNOWN_PERSON_ERRORS:
            raise
        log.warning("Slack does not know the expert %s: %s", slack_id, error_code(error))
    now = sender.clock.now()
    await sender.db.write(profiles.save_profile, slack_id, profile, now, requested_at)


async def _record_failures(sender: Sender, failures: Mapping[str, str]) -> None:
    """Record that the profiles of these people could not be fetched, though others could."""
    for slack_id, reason in failures.items():
        log.warning("could not fetch the profile of %s: %s", slack_id, reason)
        await sender.db.write(profiles.save_profile, slack_id, None, sender.clock.now())


async def fetch_dnd_status(sender: Sender, slack_ids: Sequence[str]) -> None:
    """Fetch from Slack when these people do not want to be disturbed, and store it.

    If Slack does not answer, only their working hours count; an outage is logged once. After a
    rate limit the rest waits.
    """
    pause = sender.dnd_pause
    for slack_id in slack_ids:
        requested_at = sender.clock.now()
        dnd_fields: Mapping[str, Any] = {}
        if not pause.is_active(requested_at):
            try:
                response = await sender.call("dnd.info", {"user": slack_id})
            except REQUEST_ERRORS as error:
                if is_rate_limit(error):
                    return
                if _reason(error) not in UNKNOWN_PERSON_ERRORS:
                    pause.extend(sender.clock.now())
                    sender.sending_status.record_failure("dnd.info", "dnd.info", _reason(error))
            else:
                pause.end()
                dnd_fields = {name: response.get(name) for name in DND_FIELDS}
        now = sender.clock.now()
        await sender.db.write(profiles.save_dnd, slack_id, dnd_fields, now, requested_at)


DND_FIELDS = ("dnd_enabled", "next_dnd_start_ts", "next_dnd_end_ts")
"""Whether Do Not Disturb is on, and when its current or next period begins and ends."""


def is_rate_limit(error: Exception) -> bool:
    """Return whether the call was rate limited. The sender then waits before the next call."""
    return isinstance(error, SlackApiError) and retry_after_seconds(error) is not None


def _reason(error: Exception) -> str:
    """Return Slack's error code, or what kept the request from reaching Slack."""
    code = error_code(error) if isinstance(error, SlackApiError) else ""
    return code or type(error).__name__
