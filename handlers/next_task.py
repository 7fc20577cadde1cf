"""The `next` subcommand."""

from __future__ import annotations

from bot.app_context import AppContext
from bot.messages.tasks import NewTaskMessage
from bot.services.assignments import assign
from bot.services.tasks import expert_progress
from bot.slack.views import home
from handlers.payloads import CommandPayload
from storage.queries import assignments


async def send_next_task(app: AppContext, command: CommandPayload) -> str:
    """Queue the next task as a new message; reply only if the person is not in their DM."""
    progress = await app.db.read(expert_progress.progress_of, command.slack_id, command.at)
    if progress is None:
        return home.NO_CAMPAIGN_TEXT
    await app.db.write(
        assign.request_next_task,
        NewTaskMessage(is_requested=True),
        recipient=command.slack_id,
        now=command.at,
    )
    # A channel where the person was sent a task is their DM.
    is_in_dm = await app.db.read(
        assignments.has_assignment_in_channel, command.slack_id, command.channel
    )
    return "" if is_in_dm else "Sent to your DMs."
