"""What can be set up and turned: people, channels, the clock, limits and faults."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.sandbox.actions.usergroups import (
    create_usergroup,
    disable_usergroup,
    set_usergroup_members,
)
from bot.sandbox.actions.workspace_setup import NewUser, create_channel, create_user, join_user
from bot.sandbox.clock_targets import CLOCK_TARGETS
from bot.sandbox.control.inspection import faults_json
from bot.sandbox.control.requests import (
    BadRequestError,
    ControlHandler,
    ControlRequest,
    find_user_id,
)
from bot.sandbox.json_codec import Json, as_list
from bot.sandbox.rate_limits import NO_LIMITS, SLACK_LIMITS, RateLimit

UNTIL_CLEARED = 10**9
"""Times that a fault happens if nothing is said: until it is lifted."""

MAX_CLOCK_DAYS = 366
"""Days the clock is turned at once at most."""

RATE_LIMIT_PRESETS = {"slack": SLACK_LIMITS, "none": NO_LIMITS}


async def add_user(request: ControlRequest) -> Json:
    """Let somebody be in the workspace, or with `joins` join it now, so that the app hears."""
    name, tz = request.text("name"), request.text("tz", "Europe/London")
    try:
        ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"{tz!r} is no time zone"
        raise BadRequestError(message) from None
    new_user = NewUser(
        name,
        request.text("real_name", name.title()),
        tz,
        request.text("email", ""),
        request.flag("admin"),
        request.text("title", ""),
    )
    create = join_user if request.flag("joins") else create_user
    user_id = create(request.world, new_user)
    return {"id": user_id, "dm": request.world.workspace.clients[user_id].dm}


async def add_channel(request: ControlRequest) -> Json:
    """Make a channel."""
    world, private = request.world, request.flag("private")
    members = [find_user_id(world, str(one)) for one in request.list("members")]
    bot = request.flag("bot", default=True)
    name = request.text("name").removeprefix("#")
    return {"id": create_channel(world, name, members, private=private, bot=bot)}


async def change_usergroup(request: ControlRequest) -> Json:
    """Make a user group; or with `id` change who is in it, or `disable` it."""
    world = request.world
    members = [find_user_id(world, str(one)) for one in request.list("members")]
    if "id" not in request.values:
        name = request.text("name", "")
        return {"id": create_usergroup(world, request.text("handle"), name, members)}
    group = request.text("id")
    if group not in world.workspace.usergroups:
        message = f"there is no user group {group!r}"
        raise BadRequestError(message)
    if request.flag("disable"):
        disable_usergroup(world, group)
    else:
        set_usergroup_members(world, group, members)
    return {"id": group}


async def turn_clock(request: ControlRequest) -> Json:
    """Turn the clock: by minutes or hours, to a moment, or to the `next` morning or Monday."""
    turnable = request.world.clock
    wanted = _target_time(request)
    if wanted - turnable.now() > timedelta(days=MAX_CLOCK_DAYS):
        message = f"the clock is turned by {MAX_CLOCK_DAYS} days at most"
        raise BadRequestError(message)
    await asyncio.to_thread(turnable.advance_to, wanted)
    request.world.workspace.notify_all()
    return {"now": turnable.now().isoformat()}


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
        return _parse_moment(request.text("to"))
    minutes = request.number("minutes", 0) + 60 * request.number("hours", 0)
    if minutes < 0:
        message = "time does not run backwards"
        raise BadRequestError(message)
    return now + timedelta(minutes=min(minutes, 2 * MAX_CLOCK_DAYS * 24 * 60))


def _parse_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        message = "to must be a moment with its offset, as in 2026-11-23T10:00:00+00:00"
        raise BadRequestError(message)
    return moment


async def set_rate_limits(request: ControlRequest) -> Json:
    """Set the rate limits: `slack`, `none`, or calls and seconds by method."""
    wanted = request.values.get("limits")
    if isinstance(wanted, str) and wanted in RATE_LIMIT_PRESETS:
        request.world.limits.set_rates(RATE_LIMIT_PRESETS[wanted])
    elif isinstance(wanted, dict):
        request.world.limits.set_rates(
            {str(name): _parse_rate(one) for name, one in wanted.items()}
        )
    else:
        message = 'limits must be slack, none, or an object such as {"chat.update": [5, 60]}'
        raise BadRequestError(message)
    request.world.workspace.notify_all()
    return {}


def _parse_rate(raw: object) -> RateLimit:
    try:
        calls, seconds = as_list(raw)
        return RateLimit(int(calls), float(seconds))
    except (TypeError, ValueError):
        message = f"a limit is calls and seconds, such as [5, 60], not {raw!r}"
        raise BadRequestError(message) from None


async def change_faults(request: ControlRequest) -> Json:
    """Let something go wrong, or with `lift` let it go right again."""
    kind = request.text("kind", "")
    if request.flag("lift"):
        _clear_faults(request, kind)
    elif kind in FAULT_HANDLERS:
        FAULT_HANDLERS[kind](request)
    else:
        message = f"kind must be one of {', '.join(FAULT_HANDLERS)}"
        raise BadRequestError(message)
    request.world.workspace.notify_all()
    return {"faults": faults_json(request.world)}


def _clear_faults(request: ControlRequest, kind: str) -> None:
    if kind:
        request.world.faults.clear_kind(kind)
    else:
        request.world.faults.clear()


def _fault_count(request: ControlRequest) -> int:
    return int(request.number("times", UNTIL_CLEARED))


def _add_failure(request: ControlRequest) -> None:
    status = int(request.number("status", 503))
    performed = request.flag("performed")
    method = request.text("method", "*")
    request.world.faults.fail(method, status, _fault_count(request), is_performed=performed)


def _add_error(request: ControlRequest) -> None:
    error = request.text("error", "internal_error")
    request.world.faults.error(request.text("method", "*"), error, _fault_count(request))


def _add_rate_limit(request: ControlRequest) -> None:
    seconds = int(request.number("seconds", 5))
    request.world.faults.ratelimit(request.text("method", "*"), seconds, _fault_count(request))


def _add_delay(request: ControlRequest) -> None:
    seconds = request.number("seconds", 2)
    request.world.faults.slow(request.text("method", "*"), seconds, _fault_count(request))


FAULT_HANDLERS: dict[str, Callable[[ControlRequest], None]] = {
    "fail": _add_failure,
    "error": _add_error,
    "ratelimit": _add_rate_limit,
    "slow": _add_delay,
    "lost": lambda request: request.world.faults.lose_acks(_fault_count(request)),
    "drop": lambda request: request.world.faults.drop_sockets(),
    "disconnect": lambda request: request.world.faults.disconnect(
        request.text("reason", "refresh_requested")
    ),
}
"""The bad days that can be ordered, by kind."""

ADMINISTRATION_ROUTES: dict[str, ControlHandler] = {
    "people": add_user,
    "channels": add_channel,
    "usergroups": change_usergroup,
    "clock": turn_clock,
    "limits": set_rate_limits,
    "faults": change_faults,
}
"""What can be set, by the last part of its path."""
