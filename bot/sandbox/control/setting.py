"""What can be set up and turned: people, channels, the clock, limits and faults."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.sandbox.control.requests import Ask, Request, Unreadable, person_named
from bot.sandbox.control.seeing import faults_json
from bot.sandbox.deeds.grouping import disband, found_group, regroup
from bot.sandbox.deeds.settling import Newcomer, found_channel, settle_in, welcome
from bot.sandbox.limits import NO_LIMITS, SLACK_LIMITS, Rate
from bot.sandbox.turning import NEXT
from bot.sandbox.wire import Json, as_list

FOR_EVER = 10**9
"""Times that a fault happens if nothing is said: until it is lifted."""

MOST_DAYS = 366
"""Days the clock is turned at once at most."""

LIMITS = {"slack": SLACK_LIMITS, "none": NO_LIMITS}


async def people(request: Request) -> Json:
    """Let somebody be in the workspace, or with `joins` join it now, so that the app hears."""
    name, tz = request.text("name"), request.text("tz", "Europe/London")
    try:
        ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"{tz!r} is no time zone"
        raise Unreadable(message) from None
    newcomer = Newcomer(
        name,
        request.text("real_name", name.title()),
        tz,
        request.text("email", ""),
        request.flag("admin"),
        request.text("title", ""),
    )
    comes = welcome if request.flag("joins") else settle_in
    person = comes(request.world, newcomer)
    return {"id": person, "dm": request.world.workspace.desks[person].dm}


async def channels(request: Request) -> Json:
    """Make a channel."""
    world, private = request.world, request.flag("private")
    members = [person_named(world, str(one)) for one in request.list("members")]
    bot = request.flag("bot", otherwise=True)
    name = request.text("name").removeprefix("#")
    return {"id": found_channel(world, name, members, private=private, bot=bot)}


async def usergroups(request: Request) -> Json:
    """Make a user group; or with `id` change who is in it, or `disable` it."""
    world = request.world
    members = [person_named(world, str(one)) for one in request.list("members")]
    if "id" not in request.values:
        name = request.text("name", "")
        return {"id": found_group(world, request.text("handle"), name, members)}
    group = request.text("id")
    if group not in world.workspace.usergroups:
        message = f"there is no user group {group!r}"
        raise Unreadable(message)
    if request.flag("disable"):
        disband(world, group)
    else:
        regroup(world, group, members)
    return {"id": group}


async def clock(request: Request) -> Json:
    """Turn the clock: by minutes or hours, to a moment, or to the `next` morning or Monday."""
    turnable = request.world.clock
    wanted = _moment(request)
    if wanted - turnable.now() > timedelta(days=MOST_DAYS):
        message = f"the clock is turned by {MOST_DAYS} days at most"
        raise Unreadable(message)
    await asyncio.to_thread(turnable.turn_to, wanted)
    request.world.workspace.changed_everywhere()
    return {"now": turnable.now().isoformat()}


def _moment(request: Request) -> datetime:
    now = request.world.clock.now()
    if "next" in request.values:
        name = request.text("next")
        if name not in NEXT:
            message = f"next must be one of {', '.join(NEXT)}"
            raise Unreadable(message)
        zone = request.actor.user.tz if "as" in request.values else "UTC"
        return NEXT[name](now, ZoneInfo(zone))
    if "to" in request.values:
        return _told_moment(request.text("to"))
    minutes = request.number("minutes", 0) + 60 * request.number("hours", 0)
    if minutes < 0:
        message = "time does not run backwards"
        raise Unreadable(message)
    return now + timedelta(minutes=min(minutes, 2 * MOST_DAYS * 24 * 60))


def _told_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        message = "to must be a moment with its offset, as in 2026-11-23T10:00:00+00:00"
        raise Unreadable(message)
    return moment


async def limits(request: Request) -> Json:
    """Set the rate limits: `slack`, `none`, or calls and seconds by method."""
    wanted = request.values.get("limits")
    if isinstance(wanted, str) and wanted in LIMITS:
        request.world.limits.hold_to(LIMITS[wanted])
    elif isinstance(wanted, dict):
        request.world.limits.hold_to({str(name): _rate(one) for name, one in wanted.items()})
    else:
        message = 'limits must be slack, none, or an object such as {"chat.update": [5, 60]}'
        raise Unreadable(message)
    request.world.workspace.changed_everywhere()
    return {}


def _rate(raw: object) -> Rate:
    try:
        calls, seconds = as_list(raw)
        return Rate(int(calls), float(seconds))
    except (TypeError, ValueError):
        message = f"a limit is calls and seconds, such as [5, 60], not {raw!r}"
        raise Unreadable(message) from None


async def faults(request: Request) -> Json:
    """Let something go wrong, or with `lift` let it go right again."""
    kind = request.text("kind", "")
    if request.flag("lift"):
        _lift(request, kind)
    elif kind in FAULTS:
        FAULTS[kind](request)
    else:
        message = f"kind must be one of {', '.join(FAULTS)}"
        raise Unreadable(message)
    request.world.workspace.changed_everywhere()
    return {"faults": faults_json(request.world)}


def _lift(request: Request, kind: str) -> None:
    if kind:
        request.world.faults.lift(kind)
    else:
        request.world.faults.clear()


def _times(request: Request) -> int:
    return int(request.number("times", FOR_EVER))


def _fail(request: Request) -> None:
    status = int(request.number("status", 503))
    performed = request.flag("performed")
    method = request.text("method", "*")
    request.world.faults.fail(method, status, _times(request), performed=performed)


def _error(request: Request) -> None:
    error = request.text("error", "internal_error")
    request.world.faults.error(request.text("method", "*"), error, _times(request))


def _ratelimit(request: Request) -> None:
    seconds = int(request.number("seconds", 5))
    request.world.faults.ratelimit(request.text("method", "*"), seconds, _times(request))


def _slow(request: Request) -> None:
    seconds = request.number("seconds", 2)
    request.world.faults.slow(request.text("method", "*"), seconds, _times(request))


FAULTS: dict[str, Callable[[Request], None]] = {
    "fail": _fail,
    "error": _error,
    "ratelimit": _ratelimit,
    "slow": _slow,
    "lost": lambda request: request.world.faults.lose_acks(_times(request)),
    "drop": lambda request: request.world.faults.drop_sockets(),
    "disconnect": lambda request: request.world.faults.disconnect(
        request.text("reason", "refresh_requested")
    ),
}
"""The bad days that can be ordered, by kind."""

SETTINGS: dict[str, Ask] = {
    "people": people,
    "channels": channels,
    "usergroups": usergroups,
    "clock": clock,
    "limits": limits,
    "faults": faults,
}
"""What can be set, by the last part of its path."""
