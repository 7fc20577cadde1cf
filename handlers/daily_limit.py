"""Going on after one's time a day or one's batch."""

from __future__ import annotations

from bot.app_context import AppContext
from bot.services.availability import daily_limit
from handlers.payloads import ActionPayload


async def lift_limit(app: AppContext, payload: ActionPayload) -> None:
    """Bring the next task where the button was: the person wants more."""
    await app.db.write(daily_limit.lift_limit, payload.interaction)
