"""The button to continue after the daily limit or the batch size is reached."""

from __future__ import annotations

from bot.app_context import AppContext
from bot.services.availability import daily_limit
from handlers.payloads import ActionPayload


async def lift_limit(app: AppContext, payload: ActionPayload) -> None:
    """Lift the limit for today and queue the next task."""
    await app.db.write(daily_limit.lift_limit, payload.interaction)
