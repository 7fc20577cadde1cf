"""Who is where, and how people are, as it is asked for by HTTP."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.sandbox.actions.channel_membership import invite, join, remove
from bot.sandbox.actions.user_status import set_quiet_hours, set_status, snooze
from bot.sandbox.control.requests import (
    BadRequestError,
    ControlHandler,
    ControlRequest,
    find_user_id,
)
from bot.sandbox.json_codec import Json


async def join_channel(request: ControlRequest) -> Json:
    """Join a channel."""
    await join(request.actor, request.channel(request.actor).id)
    return {}


async def invite_to_channel(request: ControlRequest) -> Json:
    """Invite people to a channel; the app's bot, if nobody is named."""
    await invite(request.actor, request.channel(request.actor).id, _target_user_ids(request))
    return {}


async def remove_from_channel(request: ControlRequest) -> Json:
    """Remove people from a channel; the app's bot, if nobody is named."""
    await remove(request.actor, request.channel(request.actor).id, _target_user_ids(request))
    return {}


async def update_status(request: ControlRequest) -> Json:
    """Say how one is, for so many minutes or for good; an empty text clears it."""
    text, emoji = request.text("text", ""), request.text("emoji", "")
    await set_status(request.actor, text, emoji, _end_time(request))
    return {}


async def start_snooze(request: ControlRequest) -> Json:
    """Ask not to be disturbed for so many minutes; 0 ends it."""
    await snooze(request.actor, _end_time(request))
    return {}


async def update_quiet_hours(request: ControlRequest) -> Json:
    """Never be disturbed between two times of day, by one's own clock; without them, end that."""
    begin, end = _parse_time(request, "from"), _parse_time(request, "to")
    if (begin is None) != (end is None):
        message = "from and to belong together"
        raise BadRequestError(message)
    await set_quiet_hours(request.actor, (begin, end) if begin and end else None)
    return {}


MEMBERSHIP_AND_STATUS_ROUTES: dict[str, ControlHandler] = {
    "joins": join_channel,
    "invites": invite_to_channel,
    "removes": remove_from_channel,
    "sets_status": update_status,
    "snoozes": start_snooze,
    "sets_quiet_hours": update_quiet_hours,
}
"""All of it, by the last part of its path."""


def _target_user_ids(request: ControlRequest) -> list[str]:
    bot = request.world.app.bot_user_id
    named = [str(one) for one in request.list("people")] or [bot]
    return [one if one == bot else find_user_id(request.world, one) for one in named]


def _end_time(request: ControlRequest) -> datetime | None:
    minutes = request.number("minutes", 0)
    return request.world.clock.now() + timedelta(minutes=minutes) if minutes else None


def _parse_time(request: ControlRequest, name: str) -> time | None:
    text = request.text(name, "")
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        message = f"{name} must be a time of day such as 22:00"
        raise BadRequestError(message) from None
