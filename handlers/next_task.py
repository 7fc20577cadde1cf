"""The next task, for whoever types for it."""

from __future__ import annotations

from bot.app_context import AppContext
from bot.services.assignments import assign
from bot.services.tasks import expert_progress
from bot.slack.views import home
from handlers.payloads import CommandPayload


async def send_next_task(app: AppContext, command: CommandPayload) -> str:
    """Bring the next task as a new message."""
    own_progress = await app.db.read(expert_progress.progress_of, command.slack_id, command.at)
    if own_progress is None:
        return home.NO_CAMPAIGN_TEXT
    payload = {"is_requested": True}
    await app.db.write(
        assign.request_next_task,
        "new_task",
        recipient=command.slack_id,
        payload=payload,
        now=command.at,
    )
    return "Here it comes, in our direct messages."
