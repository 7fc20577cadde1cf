"""users.*, dnd.* and usergroups.*: the people."""

from __future__ import annotations

from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import Refusal
from bot.sandbox.finding import find_user
from bot.sandbox.methods.pages import page
from bot.sandbox.shapes import user_json
from bot.sandbox.wire import Json
from bot.sandbox.workspace import User
from bot.sandbox.world import World

EMAIL = "users:read.email"


def info(world: World, args: Arguments) -> Json:
    """users.info."""
    user = _json(world, find_user(world, args.text("user")))
    if args.flag("include_locale"):
        user["locale"] = "en-US"
    return {"user": user}


def list_users(world: World, args: Arguments) -> Json:
    """users.list."""
    users, metadata = page(list(world.workspace.users.values()), args, most=1000)
    now = int(world.clock.now().timestamp())
    return {"members": [_json(world, one) for one in users], "cache_ts": now} | metadata


def lookup_by_email(world: World, args: Arguments) -> Json:
    """users.lookupByEmail."""
    wanted = args.text("email").lower()
    for user in world.workspace.users.values():
        if user.email and user.email.lower() == wanted and not user.deleted:
            return {"user": _json(world, user)}
    raise Refusal(error="users_not_found")


def dnd_info(world: World, args: Arguments) -> Json:
    """dnd.info."""
    user = find_user(world, args.text("user") or world.app.bot_user)
    until, now = user.snoozes_until, world.clock.now()
    if until is None or until <= now:
        answer: Json = {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
        return answer | {"snooze_enabled": False}
    end = int(until.timestamp())
    start = int(now.timestamp())
    answer = {"dnd_enabled": True, "next_dnd_start_ts": start, "next_dnd_end_ts": end}
    return answer | {
        "snooze_enabled": True,
        "snooze_endtime": end,
        "snooze_remaining": end - start,
    }


def usergroup_users(world: World, args: Arguments) -> Json:
    """usergroups.users.list."""
    members = world.workspace.usergroups.get(args.text("usergroup"))
    if members is None:
        raise Refusal(error="no_such_subteam")
    disabled = args.flag("include_disabled")
    users = world.workspace.users
    return {"users": [one for one in members if disabled or not users[one].deleted]}


def _json(world: World, user: User) -> Json:
    may_see = EMAIL in world.manifest.scopes
    return user_json(user, world.workspace, world.clock.now(), email=may_see)
