"""users.*, dnd.* and usergroups.*: users, Do Not Disturb and user groups."""

from __future__ import annotations

from ..api_json import active_members, profile_json, usergroup_json
from ..arguments import Arguments
from ..do_not_disturb import dnd_json
from ..errors import WebApiError
from ..json_codec import Json
from ..lookups import find_user, visible_user_json
from ..world import World
from .pagination import paginate

EMAIL_SCOPE = "users:read.email"


def info(world: World, args: Arguments) -> Json:
    """Handle users.info."""
    user = visible_user_json(world, find_user(world, args.text("user")))
    if args.flag("include_locale"):
        user["locale"] = "en-US"
    return {"user": user}


def list_users(world: World, args: Arguments) -> Json:
    """Handle users.list."""
    users, metadata = paginate(list(world.workspace.users.values()), args, maximum=1000)
    now = int(world.clock.now().timestamp())
    members = [visible_user_json(world, user) for user in users]
    return {"members": members, "cache_ts": now} | metadata


def lookup_by_email(world: World, args: Arguments) -> Json:
    """Handle users.lookupByEmail."""
    email = args.text("email").lower()
    for user in world.workspace.users.values():
        if user.email and user.email.lower() == email and not user.deleted:
            return {"user": visible_user_json(world, user)}
    raise WebApiError(error="users_not_found")


def get_profile(world: World, args: Arguments) -> Json:
    """Handle users.profile.get; without `user`, for the bot itself."""
    user = find_user(world, args.text("user") or world.app.bot_user_id)
    can_see_email = EMAIL_SCOPE in world.manifest.scopes
    return {"profile": profile_json(user, world.workspace, world.url, email=can_see_email)}


def dnd_info(world: World, args: Arguments) -> Json:
    """Handle dnd.info.

    A snooze appears in `next_dnd_start_ts` and `next_dnd_end_ts`. Slack returns the `snooze_…`
    fields only for the token's own user, which for an app is its bot.
    """
    user = find_user(world, args.text("user") or world.app.bot_user_id)
    snooze_fields = {"snooze_enabled": False} if user.id == world.app.bot_user_id else {}
    return dnd_json(user, world.clock.now()) | snooze_fields


def dnd_team_info(world: World, args: Arguments) -> Json:
    """Handle dnd.teamInfo; omits unknown users."""
    user_ids = args.strings("users")
    if not user_ids:
        raise WebApiError(error="no_users_provided")
    now, users = world.clock.now(), world.workspace.users
    known_ids = [user_id for user_id in user_ids if user_id in users]
    return {"users": {user_id: dnd_json(users[user_id], now) for user_id in known_ids}}


def list_usergroups(world: World, args: Arguments) -> Json:
    """Handle usergroups.list."""
    include_disabled = args.flag("include_disabled")
    users, count = args.flag("include_users"), args.flag("include_count")
    return {
        "usergroups": [
            usergroup_json(group, world.workspace, users=users, count=count)
            for group in world.workspace.usergroups.values()
            if include_disabled or not group.deleted
        ]
    }


def usergroup_users(world: World, args: Arguments) -> Json:
    """Handle usergroups.users.list."""
    group = world.workspace.usergroups.get(args.text("usergroup"))
    if group is None or (group.deleted and not args.flag("include_disabled")):
        raise WebApiError(error="no_such_subteam")
    return {"users": active_members(group, world.workspace)}
