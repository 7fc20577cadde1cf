"""User groups: made, changed and disabled by whoever runs the workspace."""

from __future__ import annotations

from collections.abc import Sequence

from bot.sandbox.events import tell
from bot.sandbox.shapes import group_json
from bot.sandbox.wire import Json
from bot.sandbox.workspace import UserGroup
from bot.sandbox.world import World


def found_group(world: World, handle: str, name: str, members: Sequence[str]) -> str:
    """Return the id of a new user group that has been there all along."""
    now = int(world.clock.now().timestamp())
    group = UserGroup(world.names.new("S"), handle, name or handle, list(members), now, now)
    world.workspace.usergroups[group.id] = group
    return group.id


def regroup(world: World, group_id: str, members: Sequence[str]) -> None:
    """Let exactly `members` be in a user group."""
    group = world.workspace.usergroups[group_id]
    added = [one for one in members if one not in group.members]
    removed = [one for one in group.members if one not in members]
    before, group.members = group.updated, list(members)
    _tell_of_update(world, group)
    event: Json = {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": world.workspace.team_id,
        "date_previous_update": before,
        "date_update": group.updated,
        "added_users": added,
        "added_users_count": len(added),
        "removed_users": removed,
        "removed_users_count": len(removed),
    }
    tell(world, "subteam_members_changed", event)


def disband(world: World, group_id: str) -> None:
    """Disable a user group."""
    group = world.workspace.usergroups[group_id]
    group.deleted = int(world.clock.now().timestamp())
    _tell_of_update(world, group)


def _tell_of_update(world: World, group: UserGroup) -> None:
    group.updated = int(world.clock.now().timestamp())
    shape = group_json(group, world.workspace, users=True, count=True)
    tell(world, "subteam_updated", {"type": "subteam_updated", "subteam": shape})
