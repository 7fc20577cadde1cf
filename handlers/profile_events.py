"""What Slack tells of people: a status, another zone, Do Not Disturb."""

from __future__ import annotations

from bot import schedule
from bot.app_context import AppContext
from bot.services.experts import profiles
from bot.slack.client.profiles import parse_profile
from handlers.payloads import Body


async def update_profile(app: AppContext, event: Body) -> None:
    """Keep a profile that changed; who is out of the office lets go of what they hold."""
    user = event["user"]
    if not await app.db.read(profiles.is_expert, user["id"]):
        return
    now = app.clock.now()
    if await app.db.write(profiles.save_profile, user["id"], parse_profile(user), now):
        app.run_in_background(schedule.dispatch_tasks(app))


async def update_dnd(app: AppContext, event: Body) -> None:
    """Keep until when somebody wants no messages."""
    person, dnd_status = event["user"], event.get("dnd_status") or {}
    if await app.db.read(profiles.is_expert, person):
        await app.db.write(profiles.save_dnd, person, dnd_status, app.clock.now())
