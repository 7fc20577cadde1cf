"""Asking Slack who is in a user group or channel; apps and people who left are left out."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.client import error_code, retry_after
from bot.slack.sending import Sender

log = logging.getLogger(__name__)

MOST = 300
"""People let in at once: whoever names a channel of thousands did not mean all of them."""

SLACKBOT = "USLACKBOT"

NO_GROUP = (
    "There is no user group {group}; write its handle as in @linguists, and pick people from what "
    "Slack suggests."
)
NO_CHANNEL = "I cannot see who is in that channel; invite me into it and try again."
TOO_MANY = "{count:,} people are too many at once ({most} at most); choose a smaller group."
REFUSED = "Slack did not tell me who is in {what} ({code})."


@dataclass(slots=True)
class Gathered:
    """Who was found, how many apps and people who left were not taken, and what went wrong."""

    people: list[str] = field(default_factory=list)
    left_out: int = 0
    problems: list[str] = field(default_factory=list)


async def gather(sender: Sender, facts: Mapping[str, Any]) -> Gathered:
    """Return who is meant by `people`, `groups` (ids or handles) and the members of `channels`.

    Raises:
        SlackApiError: Slack asks for a break; it is tried again later.
    """
    found = Gathered()
    named = list(facts.get("people") or ())
    for group in facts.get("groups") or ():
        named += await _in_group(sender, str(group), found)
    for channel in facts.get("channels") or ():
        named += await _in_channel(sender, str(channel), found)
    wanted = list(dict.fromkeys(named))
    if len(wanted) > MOST:
        found.problems.append(TOO_MANY.format(count=len(wanted), most=MOST))
        return found
    for person in wanted:
        is_one = await _is_person(sender, person)
        found.people += [person] if is_one else []
        found.left_out += not is_one
    return found


async def members_of_group(sender: Sender, group_id: str) -> list[str]:
    """Return the members of a user group.

    Raises:
        SlackApiError: Slack refused.
    """
    answer = await sender.call("usergroups.users.list", {"usergroup": group_id})
    return [str(member) for member in answer.get("users") or ()]


async def members_of_channel(sender: Sender, channel: str) -> list[str]:
    """Return the members of a channel, apps among them.

    Raises:
        SlackApiError: Slack refused.
    """
    members: list[str] = []
    cursor = ""
    while len(members) <= MOST:
        asked = {"channel": channel, "limit": 200, **({"cursor": cursor} if cursor else {})}
        answer = await sender.call("conversations.members", asked)
        members += [str(member) for member in answer.get("members") or ()]
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            break
    return members


async def _in_group(sender: Sender, group: str, found: Gathered) -> list[str]:
    try:
        group_id = await _group_id(sender, group)
        if group_id:
            return await members_of_group(sender, group_id)
        found.problems.append(NO_GROUP.format(group=group))
    except SlackApiError as error:
        found.problems.append(_refused(error, f"the user group {group}", NO_GROUP, group))
    return []


async def _group_id(sender: Sender, group: str) -> str:
    """Return the id of a user group by its id, handle or name, "" if there is none."""
    answer = await sender.call("usergroups.list", {})
    wanted = group.removeprefix("@").strip().casefold()
    for one in answer.get("usergroups") or ():
        called = (one.get("id"), one.get("handle"), one.get("name"))
        if wanted in {str(name or "").casefold() for name in called}:
            return str(one["id"])
    return ""


async def _in_channel(sender: Sender, channel: str, found: Gathered) -> list[str]:
    try:
        return await members_of_channel(sender, channel)
    except SlackApiError as error:
        found.problems.append(_refused(error, "that channel", NO_CHANNEL, ""))
    return []


def _refused(error: SlackApiError, what: str, unknown: str, group: str) -> str:
    """Return what to say when Slack does not tell; what passes is not said but tried again."""
    if retry_after(error) is not None:
        raise error
    code = error_code(error)
    if code in ("no_such_subteam", "channel_not_found", "not_in_channel"):
        return unknown.format(group=group)
    log.warning("could not ask about %s: %s", what, code)
    return REFUSED.format(what=what, code=code)


async def _is_person(sender: Sender, slack_id: str) -> bool:
    if slack_id == SLACKBOT:
        return False
    try:
        answer = await sender.call("users.info", {"user": slack_id})
    except SlackApiError as error:
        if retry_after(error) is not None:
            raise
        return False
    user = answer["user"]
    return not (user.get("is_bot") or user.get("deleted"))
