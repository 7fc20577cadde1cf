"""Creating, changing and disabling user groups."""

from __future__ import annotations

from collections.abc import Sequence

from ..api_json import usergroup_json
from ..events import send_event
from ..json_codec import Json
from ..workspace import UserGroup
from ..world import World


def create_usergroup(world: World, handle: str, name: str, members: Sequence[str]) -> str:
    """Create a user group without sending an event, and return its id."""
    now = int(world.clock.now().timestamp())
    group = UserGroup(world.ids.new("S"), handle, name or handle, list(members), now, now)
    world.workspace.usergroups[group.id] = group
    return group.id


def set_usergroup_members(world: World, group_id: str, members: Sequence[str]) -> None:
    """Replace the members of a user group and send the events for it."""
    group = world.workspace.usergroups[group_id]
    added = [user_id for user_id in members if user_id not in group.members]
    removed = [user_id for user_id in group.members if user_id not in members]
    previous_update, group.members = group.updated, list(members)
    _send_subteam_updated(world, group)
    event: Json = {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": world.workspace.team_id,
        "date_previous_update": previous_update,
        "date_update": group.updated,
        "added_users": added,
        "added_users_count": len(added),
        "removed_users": removed,
        "removed_users_count": len(removed),
    }
    send_event(world, "subteam_members_changed", event)


def disable_usergroup(world: World, group_id: str) -> None:
    """Disable a user group and send the event for it."""
    group = world.workspace.usergroups[group_id]
    group.deleted = int(world.clock.now().timestamp())
    _send_subteam_updated(world, group)


def _send_subteam_updated(world: World, group: UserGroup) -> None:
    group.updated = int(world.clock.now().timestamp())
    shape = usergroup_json(group, world.workspace, users=True, count=True)
    send_event(world, "subteam_updated", {"type": "subteam_updated", "subteam": shape})
