"""Slack events about people: status, time zone, Do Not Disturb."""

from __future__ import annotations

from bot import scheduled_jobs
from bot.app_context import AppContext
from bot.services.experts import profiles
from bot.slack.client.profiles import parse_profile
from handlers.payloads import Body


async def update_profile(app: AppContext, event: Body) -> None:
    """Save a changed profile; an out-of-office status releases the expert's open tasks."""
    user = event["user"]
    if not await app.db.read(profiles.is_expert, user["id"]):
        return
    now = app.clock.now()
    if await app.db.write(profiles.save_profile, user["id"], parse_profile(user), now):
        app.run_in_background(scheduled_jobs.dispatch_tasks(app))


async def update_dnd(app: AppContext, event: Body) -> None:
    """Save an expert's Do Not Disturb status."""
    slack_id, dnd_status = event["user"], event.get("dnd_status") or {}
    if await app.db.read(profiles.is_expert, slack_id):
        await app.db.write(profiles.save_dnd, slack_id, dnd_status, app.clock.now())
