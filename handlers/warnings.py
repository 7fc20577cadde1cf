"""Warnings about campaigns: dismiss one."""

from __future__ import annotations

from bot.app_context import AppContext
from bot.services.reviews import warning_notices
from handlers import status
from handlers.payloads import ActionPayload


async def dismiss(app: AppContext, payload: ActionPayload) -> None:
    """Dismiss the warning that the button's option names, and show the campaign's status."""
    action = payload.action
    await app.db.write(
        warning_notices.dismiss_warning, action.target_id, action.option, payload.actor
    )
    await status.show_campaign(app, payload)
