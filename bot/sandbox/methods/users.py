"""users.*, dnd.* and usergroups.*: the people."""

from __future__ import annotations

from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import Refusal
from bot.sandbox.finding import find_user, shown_user
from bot.sandbox.methods.pages import page
from bot.sandbox.quiet import dnd_json
from bot.sandbox.shapes import active_members, group_json, profile_json
from bot.sandbox.wire import Json
from bot.sandbox.world import World

EMAIL = "users:read.email"


def info(world: World, args: Arguments) -> Json:
    """users.info."""
    user = shown_user(world, find_user(world, args.text("user")))
    if args.flag("include_locale"):
        user["locale"] = "en-US"
    return {"user": user}


def list_users(world: World, args: Arguments) -> Json:
    """users.list."""
    users, metadata = page(list(world.workspace.users.values()), args, most=1000)
    now = int(world.clock.now().timestamp())
    return {"members": [shown_user(world, one) for one in users], "cache_ts": now} | metadata


def lookup_by_email(world: World, args: Arguments) -> Json:
    """users.lookupByEmail."""
    wanted = args.text("email").lower()
    for user in world.workspace.users.values():
        if user.email and user.email.lower() == wanted and not user.deleted:
            return {"user": shown_user(world, user)}
    raise Refusal(error="users_not_found")


def profile(world: World, args: Arguments) -> Json:
    """users.profile.get, of the bot itself if nobody is named."""
    user = find_user(world, args.text("user") or world.app.bot_user)
    return {"profile": profile_json(user, world.workspace, email=EMAIL in world.manifest.scopes)}


def dnd_info(world: World, args: Arguments) -> Json:
    """dnd.info.

    A snooze shows in `next_dnd_start_ts` and `next_dnd_end_ts`. The `snooze_…` fields are for the
    eyes of that user alone, and an app only ever asks about others, or about its bot.
    """
    user = find_user(world, args.text("user") or world.app.bot_user)
    own = {"snooze_enabled": False} if user.id == world.app.bot_user else {}
    return dnd_json(user, world.clock.now()) | own


def dnd_team_info(world: World, args: Arguments) -> Json:
    """dnd.teamInfo; whoever is unknown is left out."""
    named = args.names("users")
    if not named:
        raise Refusal(error="no_users_provided")
    now, users = world.clock.now(), world.workspace.users
    return {"users": {one: dnd_json(users[one], now) for one in named if one in users}}


def list_usergroups(world: World, args: Arguments) -> Json:
    """usergroups.list."""
    disabled = args.flag("include_disabled")
    users, count = args.flag("include_users"), args.flag("include_count")
    return {
        "usergroups": [
            group_json(one, world.workspace, users=users, count=count)
            for one in world.workspace.usergroups.values()
            if disabled or not one.deleted
        ]
    }


def usergroup_users(world: World, args: Arguments) -> Json:
    """usergroups.users.list."""
    group = world.workspace.usergroups.get(args.text("usergroup"))
    if group is None or (group.deleted and not args.flag("include_disabled")):
        raise Refusal(error="no_such_subteam")
    return {"users": active_members(group, world.workspace)}
