"""Synchronizes roles with the Slack user groups that are configured for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from slack_sdk.errors import SlackApiError

from bot.services.actors import roles
from bot.slack.client.group_members import LIST_METHOD, members_of_group
from bot.slack.client.sender import Sender
from bot.slack.client.web_client import error_code
from storage.tables import Role

SYNC_INTERVAL = timedelta(minutes=15)
"""Slack allows 20 calls a minute, and roles change rarely."""


async def sync_role_groups(sender: Sender, groups: Mapping[Role, str]) -> None:
    """Give each role to the members of its group, at the start and then every `SYNC_INTERVAL`.

    A role without a group loses the members it had through a group. If Slack refuses, roles stay as
    they are, so that an outage locks nobody out.
    """
    now = sender.clock.now()
    groups_by_role = {role.value: group for role, group in groups.items()}
    if not await sender.db.write(roles.claim_group_sync, groups_by_role, now, SYNC_INTERVAL):
        return
    for role, group in groups.items():
        subject = f"listing the members of user group {group}"
        try:
            members = await members_of_group(sender, group) if group else []
        except SlackApiError as error:
            sender.sending_status.record_failure(subject, LIST_METHOD, error_code(error))
            continue
        sender.sending_status.outages.end(subject, f"{subject} works again")
        await sender.db.write(roles.sync_group_role, role, group, members, now)
