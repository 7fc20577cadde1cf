"""users.*, dnd.* and usergroups.*: the people."""

from __future__ import annotations

from bot.sandbox.api_json import active_members, profile_json, usergroup_json
from bot.sandbox.arguments import Arguments
from bot.sandbox.do_not_disturb import dnd_json
from bot.sandbox.errors import WebApiError
from bot.sandbox.json_codec import Json
from bot.sandbox.lookups import find_user, visible_user_json
from bot.sandbox.methods.pagination import paginate
from bot.sandbox.world import World

EMAIL_SCOPE = "users:read.email"


def info(world: World, args: Arguments) -> Json:
    """users.info."""
    user = visible_user_json(world, find_user(world, args.text("user")))
    if args.flag("include_locale"):
        user["locale"] = "en-US"
    return {"user": user}


def list_users(world: World, args: Arguments) -> Json:
    """users.list."""
    users, metadata = paginate(list(world.workspace.users.values()), args, maximum=1000)
    now = int(world.clock.now().timestamp())
    return {"members": [visible_user_json(world, one) for one in users], "cache_ts": now} | metadata


def lookup_by_email(world: World, args: Arguments) -> Json:
    """users.lookupByEmail."""
    wanted = args.text("email").lower()
    for user in world.workspace.users.values():
        if user.email and user.email.lower() == wanted and not user.deleted:
            return {"user": visible_user_json(world, user)}
    raise WebApiError(error="users_not_found")


def get_profile(world: World, args: Arguments) -> Json:
    """users.profile.get, of the bot itself if nobody is named."""
    user = find_user(world, args.text("user") or world.app.bot_user_id)
    return {
        "profile": profile_json(user, world.workspace, email=EMAIL_SCOPE in world.manifest.scopes)
    }


def dnd_info(world: World, args: Arguments) -> Json:
    """dnd.info.

    A snooze shows in `next_dnd_start_ts` and `next_dnd_end_ts`. The `snooze_…` fields are for the
    eyes of that user alone, and an app only ever asks about others, or about its bot.
    """
    user = find_user(world, args.text("user") or world.app.bot_user_id)
    own = {"snooze_enabled": False} if user.id == world.app.bot_user_id else {}
    return dnd_json(user, world.clock.now()) | own


def dnd_team_info(world: World, args: Arguments) -> Json:
    """dnd.teamInfo; whoever is unknown is left out."""
    named = args.strings("users")
    if not named:
        raise WebApiError(error="no_users_provided")
    now, users = world.clock.now(), world.workspace.users
    return {"users": {one: dnd_json(users[one], now) for one in named if one in users}}


def list_usergroups(world: World, args: Arguments) -> Json:
    """usergroups.list."""
    disabled = args.flag("include_disabled")
    users, count = args.flag("include_users"), args.flag("include_count")
    return {
        "usergroups": [
            usergroup_json(one, world.workspace, users=users, count=count)
            for one in world.workspace.usergroups.values()
            if disabled or not one.deleted
        ]
    }


def usergroup_users(world: World, args: Arguments) -> Json:
    """usergroups.users.list."""
    group = world.workspace.usergroups.get(args.text("usergroup"))
    if group is None or (group.deleted and not args.flag("include_disabled")):
        raise WebApiError(error="no_such_subteam")
    return {"users": active_members(group, world.workspace)}
