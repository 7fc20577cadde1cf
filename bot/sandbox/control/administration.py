"""Administration routes of the control API: users, channels, the clock and rate limits."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..actions.usergroups import (
    create_usergroup,
    disable_usergroup,
    set_usergroup_members,
)
from ..actions.workspace_setup import NewUser, create_channel, create_user, join_user
from ..clock_targets import CLOCK_TARGETS
from ..file_transfer import delete_file
from ..json_codec import Json, as_list
from ..rate_limits import NO_LIMITS, SLACK_LIMITS, RateLimit
from .requests import (
    BadRequestError,
    ControlHandler,
    ControlRequest,
    find_user_id,
)

MAX_CLOCK_DAYS = 366
"""Days that the clock can be advanced at once."""

RATE_LIMIT_PRESETS = {"slack": SLACK_LIMITS, "none": NO_LIMITS}


async def add_user(request: ControlRequest) -> Json:
    """Add a user; with `send_team_join` the app receives a team_join event."""
    name, tz = request.text("name"), request.text("tz", "Europe/London")
    try:
        ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"unknown time zone {tz!r}"
        raise BadRequestError(message) from None
    new_user = NewUser(
        name,
        request.text("real_name", name.title()),
        tz,
        request.text("email", ""),
        request.flag("admin"),
        request.text("title", ""),
    )
    create = join_user if request.flag("send_team_join") else create_user
    user_id = create(request.world, new_user)
    return {"id": user_id, "dm": request.world.workspace.clients[user_id].dm}


async def add_channel(request: ControlRequest) -> Json:
    """Create a channel."""
    world, private = request.world, request.flag("private")
    members = [find_user_id(world, str(member)) for member in request.list("members")]
    bot = request.flag("bot", default=True)
    name = request.text("name").removeprefix("#")
    return {"id": create_channel(world, name, members, private=private, bot=bot)}


async def change_usergroup(request: ControlRequest) -> Json:
    """Create a user group; with `id`, replace its members or `disable` it."""
    world = request.world
    members = [find_user_id(world, str(member)) for member in request.list("members")]
    if "id" not in request.values:
        name = request.text("name", "")
        return {"id": create_usergroup(world, request.text("handle"), name, members)}
    group = request.text("id")
    if group not in world.workspace.usergroups:
        message = f"unknown user group {group!r}"
        raise BadRequestError(message)
    if request.flag("disable"):
        disable_usergroup(world, group)
    else:
        set_usergroup_members(world, group, members)
    return {"id": group}


async def turn_clock(request: ControlRequest) -> Json:
    """Advance the clock: by minutes or hours, to a time, or to the `next` target by name."""
    clock = request.world.clock
    target = _target_time(request)
    if target - clock.now() > timedelta(days=MAX_CLOCK_DAYS):
        message = f"the clock can be advanced by at most {MAX_CLOCK_DAYS} days at once"
        raise BadRequestError(message)
    await asyncio.to_thread(clock.advance_to, target)
    request.world.workspace.notify_all()
    return {"now": clock.now().isoformat()}


def _target_time(request: ControlRequest) -> datetime:
    now = request.world.clock.now()
    if "next" in request.values:
        name = request.text("next")
        if name not in CLOCK_TARGETS:
            message = f"next must be one of {', '.join(CLOCK_TARGETS)}"
            raise BadRequestError(message)
        zone = request.actor.user.tz if "as" in request.values else "UTC"
        return CLOCK_TARGETS[name](now, ZoneInfo(zone))
    if "to" in request.values:
        return _parse_time(request.text("to"))
    minutes = request.number("minutes", 0) + 60 * request.number("hours", 0)
    if minutes < 0:
        message = "the clock cannot go backwards"
        raise BadRequestError(message)
    return now + timedelta(minutes=min(minutes, 2 * MAX_CLOCK_DAYS * 24 * 60))


def _parse_time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        message = "to must be a time with a UTC offset, such as 2026-11-23T10:00:00+00:00"
        raise BadRequestError(message)
    return time


async def set_rate_limits(request: ControlRequest) -> Json:
    """Set the rate limits: `slack`, `none`, or calls and seconds by method."""
    raw = request.values.get("rate_limits")
    if isinstance(raw, str) and raw in RATE_LIMIT_PRESETS:
        request.world.limits.set_rates(RATE_LIMIT_PRESETS[raw])
    elif isinstance(raw, dict):
        request.world.limits.set_rates(
            {str(method): _parse_rate(rate) for method, rate in raw.items()}
        )
    else:
        message = 'rate_limits must be slack, none, or an object such as {"chat.update": [5, 60]}'
        raise BadRequestError(message)
    request.world.workspace.notify_all()
    return {}


def _parse_rate(raw: object) -> RateLimit:
    try:
        calls, seconds = as_list(raw)
        return RateLimit(int(calls), float(seconds))
    except (TypeError, ValueError):
        message = f"a rate limit must be calls and seconds, such as [5, 60], not {raw!r}"
        raise BadRequestError(message) from None


async def remove_file(request: ControlRequest) -> Json:
    """Delete a file, as a member of the workspace can."""
    file_id = request.text("file")
    if file_id not in request.world.workspace.files:
        message = f"unknown file {file_id!r}"
        raise BadRequestError(message)
    delete_file(request.world, file_id)
    return {}


ADMINISTRATION_ROUTES: dict[str, ControlHandler] = {
    "users": add_user,
    "channels": add_channel,
    "usergroups": change_usergroup,
    "clock": turn_clock,
    "rate_limits": set_rate_limits,
    "delete_file": remove_file,
}
"""Administration routes by the last part of their path."""
