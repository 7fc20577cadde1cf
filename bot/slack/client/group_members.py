"""Asking Slack who is in a user group or channel; apps and people who left are left out."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.client.sender import Sender
from bot.slack.client.web_client import error_code, retry_after_seconds

log = logging.getLogger(__name__)

MAX_PEOPLE = 300
"""People let in at once: whoever names a channel of thousands did not mean all of them."""

SLACKBOT_ID = "USLACKBOT"

GROUP_NOT_FOUND = (
    "There is no user group {group}; write its handle as in @linguists, and pick people from what "
    "Slack suggests."
)
CHANNEL_NOT_VISIBLE = "I cannot see who is in that channel; invite me into it and try again."
TOO_MANY_PEOPLE = "{count:,} people are too many at once ({most} at most); choose a smaller group."
LOOKUP_REFUSED = "Slack did not tell me who is in {what} ({code})."


@dataclass(slots=True)
class MemberLookup:
    """Who was found, how many apps and people who left were not taken, and what went wrong."""

    slack_ids: list[str] = field(default_factory=list)
    ignored_count: int = 0
    problems: list[str] = field(default_factory=list)


async def look_up_members(sender: Sender, payload: Mapping[str, Any]) -> MemberLookup:
    """Return who is meant by `people`, `groups` (ids or handles) and the members of `channels`.

    Raises:
        SlackApiError: Slack asks for a break; it is tried again later.
    """
    lookup = MemberLookup()
    slack_ids = list(payload.get("people") or ())
    for group in payload.get("groups") or ():
        slack_ids += await _look_up_group(sender, str(group), lookup)
    for channel in payload.get("channels") or ():
        slack_ids += await _look_up_channel(sender, str(channel), lookup)
    unique_ids = list(dict.fromkeys(slack_ids))
    if len(unique_ids) > MAX_PEOPLE:
        lookup.problems.append(TOO_MANY_PEOPLE.format(count=len(unique_ids), most=MAX_PEOPLE))
        return lookup
    for person in unique_ids:
        is_one = await _is_person(sender, person)
        lookup.slack_ids += [person] if is_one else []
        lookup.ignored_count += not is_one
    return lookup


async def members_of_group(sender: Sender, group_id: str) -> list[str]:
    """Return the members of a user group.

    Raises:
        SlackApiError: Slack refused.
    """
    response = await sender.call("usergroups.users.list", {"usergroup": group_id})
    return [str(member) for member in response.get("users") or ()]


async def members_of_channel(sender: Sender, channel: str) -> list[str]:
    """Return the members of a channel, apps among them.

    Raises:
        SlackApiError: Slack refused.
    """
    members: list[str] = []
    cursor = ""
    while len(members) <= MAX_PEOPLE:
        arguments = {"channel": channel, "limit": 200, **({"cursor": cursor} if cursor else {})}
        response = await sender.call("conversations.members", arguments)
        members += [str(member) for member in response.get("members") or ()]
        cursor = str((response.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            break
    return members


async def _look_up_group(sender: Sender, group: str, lookup: MemberLookup) -> list[str]:
    try:
        group_id = await _find_group_id(sender, group)
        if group_id:
            return await members_of_group(sender, group_id)
        lookup.problems.append(GROUP_NOT_FOUND.format(group=group))
    except SlackApiError as error:
        lookup.problems.append(
            _refusal_text(error, f"the user group {group}", GROUP_NOT_FOUND, group)
        )
    return []


async def _find_group_id(sender: Sender, group: str) -> str:
    """Return the id of a user group by its id, handle or name, "" if there is none."""
    response = await sender.call("usergroups.list", {})
    wanted = group.removeprefix("@").strip().casefold()
    for one in response.get("usergroups") or ():
        names = (one.get("id"), one.get("handle"), one.get("name"))
        if wanted in {str(name or "").casefold() for name in names}:
            return str(one["id"])
    return ""


async def _look_up_channel(sender: Sender, channel: str, lookup: MemberLookup) -> list[str]:
    try:
        return await members_of_channel(sender, channel)
    except SlackApiError as error:
        lookup.problems.append(_refusal_text(error, "that channel", CHANNEL_NOT_VISIBLE, ""))
    return []


def _refusal_text(error: SlackApiError, what: str, not_found_text: str, group: str) -> str:
    """Return what to say when Slack does not tell; what passes is not said but tried again."""
    if retry_after_seconds(error) is not None:
        raise error
    code = error_code(error)
    if code in ("no_such_subteam", "channel_not_found", "not_in_channel"):
        return not_found_text.format(group=group)
    log.warning("could not ask about %s: %s", what, code)
    return LOOKUP_REFUSED.format(what=what, code=code)


async def _is_person(sender: Sender, slack_id: str) -> bool:
    if slack_id == SLACKBOT_ID:
        return False
    try:
        response = await sender.call("users.info", {"user": slack_id})
    except SlackApiError as error:
        if retry_after_seconds(error) is not None:
            raise
        return False
    user = response["user"]
    return not (user.get("is_bot") or user.get("deleted"))
