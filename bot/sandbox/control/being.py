"""Who is where, and how people are, as it is asked for by HTTP."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.sandbox.control.requests import Ask, Request, Unreadable, person_named
from bot.sandbox.deeds.being import set_quiet_hours, set_status, snooze
from bot.sandbox.deeds.gathering import invite, join, remove
from bot.sandbox.wire import Json


async def joins(request: Request) -> Json:
    """Join a channel."""
    await join(request.actor, request.channel(request.actor).id)
    return {}


async def invites(request: Request) -> Json:
    """Invite people to a channel; the app's bot, if nobody is named."""
    await invite(request.actor, request.channel(request.actor).id, _others(request))
    return {}


async def removes(request: Request) -> Json:
    """Remove people from a channel; the app's bot, if nobody is named."""
    await remove(request.actor, request.channel(request.actor).id, _others(request))
    return {}


async def sets_status(request: Request) -> Json:
    """Say how one is, for so many minutes or for good; an empty text clears it."""
    text, emoji = request.text("text", ""), request.text("emoji", "")
    await set_status(request.actor, text, emoji, _until(request))
    return {}


async def snoozes(request: Request) -> Json:
    """Ask not to be disturbed for so many minutes; 0 ends it."""
    await snooze(request.actor, _until(request))
    return {}


async def sets_quiet_hours(request: Request) -> Json:
    """Never be disturbed between two times of day, by one's own clock; without them, end that."""
    begin, end = _time(request, "from"), _time(request, "to")
    if (begin is None) != (end is None):
        message = "from and to belong together"
        raise Unreadable(message)
    await set_quiet_hours(request.actor, (begin, end) if begin and end else None)
    return {}


BEING: dict[str, Ask] = {
    "joins": joins,
    "invites": invites,
    "removes": removes,
    "sets_status": sets_status,
    "snoozes": snoozes,
    "sets_quiet_hours": sets_quiet_hours,
}
"""All of it, by the last part of its path."""


def _others(request: Request) -> list[str]:
    bot = request.world.app.bot_user
    named = [str(one) for one in request.list("people")] or [bot]
    return [one if one == bot else person_named(request.world, one) for one in named]


def _until(request: Request) -> datetime | None:
    minutes = request.number("minutes", 0)
    return request.world.clock.now() + timedelta(minutes=minutes) if minutes else None


def _time(request: Request, name: str) -> time | None:
    text = request.text(name, "")
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        message = f"{name} must be a time of day such as 22:00"
        raise Unreadable(message) from None
