"""Roles that follow user groups: asked about at the start, and again every quarter of an hour."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta

from slack_sdk.errors import SlackApiError

from bot.services.actors import roles
from bot.slack.client.group_members import members_of_group
from bot.slack.client.sender import Sender
from bot.slack.client.web_client import error_code
from storage.tables import Role

log = logging.getLogger(__name__)

SYNC_INTERVAL = timedelta(minutes=15)
"""Slack lets an app ask about groups twenty times a minute, and nobody's role is that urgent."""


async def sync_role_groups(sender: Sender, groups: Mapping[Role, str]) -> None:
    """Let each role follow its group, if it is time to ask again. Without one, nobody follows it.

    What Slack does not tell leaves the roles as they were: nobody is locked out by an outage.
    """
    now = sender.clock.now()
    groups_by_role = {role.value: group for role, group in groups.items()}
    if not await sender.db.write(roles.claim_group_sync, groups_by_role, now, SYNC_INTERVAL):
        return
    for role, group in groups.items():
        try:
            members = await members_of_group(sender, group) if group else []
        except SlackApiError as error:
            log.warning("could not ask who is in the group %s: %s", group, error_code(error))
            continue
        await sender.db.write(roles.sync_group_role, role, group, members, now)
