"""What Slack tells of people: a status, another zone, Do Not Disturb."""

from __future__ import annotations

from bot import schedule
from bot.desk import Desk
from bot.services import profiling
from bot.slack.profiles import profile_from
from handlers.triggers import Body


async def notice_profile(desk: Desk, event: Body) -> None:
    """Keep a profile that changed; who is out of the office lets go of what they hold."""
    user = event["user"]
    if not await desk.db.read(profiling.is_expert, user["id"]):
        return
    now = desk.clock.now()
    if await desk.db.write(profiling.keep_profile, user["id"], profile_from(user), now):
        desk.soon(schedule.dispatch(desk))


async def notice_quiet(desk: Desk, event: Body) -> None:
    """Keep until when somebody wants no messages."""
    person, told = event["user"], event.get("dnd_status") or {}
    if await desk.db.read(profiling.is_expert, person):
        await desk.db.write(profiling.keep_quiet, person, told, desk.clock.now())
