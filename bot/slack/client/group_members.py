"""Looks up the members of Slack user groups and channels, without apps and deactivated people."""

from __future__ import annotations

import logging

from slack_sdk.errors import SlackApiError

from bot.messages.campaigns import MemberLookupMessage
from bot.services.campaigns.invitations import MemberLookup
from bot.slack.client.error_codes import PERMANENT_KINDS
from bot.slack.client.sender import Sender
from bot.slack.client.web_client import error_code, error_kind

log = logging.getLogger(__name__)

MAX_PEOPLE = 300
"""People invited at once: nobody who names a channel of thousands means all of them."""

SLACKBOT_ID = "USLACKBOT"

LIST_METHOD = "usergroups.users.list"
"""Lists the members of a user group."""

GROUP_NOT_FOUND = (
    "There is no user group {group}. Write its handle as in @linguists, and choose people from "
    "Slack's suggestions."
)
CHANNEL_NOT_VISIBLE = (
    "The bot cannot see who is in that channel. Invite it to the channel and try again."
)
TOO_MANY_PEOPLE = (
    "{count:,} people are too many at once ({maximum} at most). Choose a smaller group."
)
LOOKUP_REFUSED = "Slack refused to list the members of {what} ({code}). Try again later."


async def look_up_members(sender: Sender, request: MemberLookupMessage) -> MemberLookup:
    """Return the people in the request, and in its groups (ids or handles) and channels.

    Raises:
        SlackApiError: Slack or the app failed, or a rate limit is reached; a retry may help.
    """
    lookup = MemberLookup()
    slack_ids = list(request.slack_ids)
    for group in request.groups:
        slack_ids += await _look_up_group(sender, group, lookup)
    for channel in request.channels:
        slack_ids += await _look_up_channel(sender, channel, lookup)
    unique_ids = list(dict.fromkeys(slack_ids))
    if len(unique_ids) > MAX_PEOPLE:
        lookup.problems.append(TOO_MANY_PEOPLE.format(count=len(unique_ids), maximum=MAX_PEOPLE))
        return lookup
    for person in unique_ids:
        is_person = await _is_person(sender, person)
        lookup.slack_ids += [person] if is_person else []
        lookup.ignored_count += not is_person
    return lookup


async def members_of_group(sender: Sender, group_id: str) -> list[str]:
    """Return the Slack ids of the members of a user group.

    Raises:
        SlackApiError: Slack refused.
    """
    response = await sender.call(LIST_METHOD, {"usergroup": group_id})
    return [str(member) for member in response.get("users") or ()]


async def members_of_channel(sender: Sender, channel: str) -> list[str]:
    """Return the Slack ids of the members of a channel, including apps; of more than 300 only some.

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
    """Return the id of the user group with this id, handle or name, "" if there is none."""
    response = await sender.call("usergroups.list", {})
    searched_name = group.removeprefix("@").strip().casefold()
    for usergroup in response.get("usergroups") or ():
        names = (usergroup.get("id"), usergroup.get("handle"), usergroup.get("name"))
        if searched_name in {str(name or "").casefold() for name in names}:
            return str(usergroup["id"])
    return ""


async def _look_up_channel(sender: Sender, channel: str, lookup: MemberLookup) -> list[str]:
    try:
        return await members_of_channel(sender, channel)
    except SlackApiError as error:
        lookup.problems.append(_refusal_text(error, "that channel", CHANNEL_NOT_VISIBLE, ""))
    return []


def _refusal_text(error: SlackApiError, what: str, not_found_text: str, group: str) -> str:
    """Return what to report about a refusal. What passes is raised instead, for a retry."""
    if error_kind(error) not in PERMANENT_KINDS:
        raise error
    code = error_code(error)
    if code in ("no_such_subteam", "channel_not_found", "not_in_channel"):
        return not_found_text.format(group=group)
    log.warning("could not list the members of %s: %s", what, code)
    return LOOKUP_REFUSED.format(what=what, code=code)


async def _is_person(sender: Sender, slack_id: str) -> bool:
    if slack_id == SLACKBOT_ID:
        return False
    try:
        response = await sender.call("users.info", {"user": slack_id})
    except SlackApiError as error:
        if error_kind(error) not in PERMANENT_KINDS:
            raise
        return False
    user = response["user"]
    return not (user.get("is_bot") or user.get("deleted"))
