"""Experts see their own work, and get it as a file."""

from __future__ import annotations

from bot.app_context import AppContext
from bot.messages.work import WorkFileMessage
from bot.services.experts import work
from bot.slack.client.modals import open_view, update_view
from bot.slack.views import work as work_view
from bot.slack.views.task_modals import read_only_modal
from handlers.payloads import ActionPayload, CommandPayload, CommandResponse
from handlers.responses import reply
from storage.queries import outbox

TITLE = "Your work"


async def show_work(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Show the person's own work."""
    return work_view.render_work(await app.db.read(work.work_of, command.slack_id))


async def open_work(app: AppContext, payload: ActionPayload) -> None:
    """Show the person's own work in a dialog, from the Home tab."""
    message = work_view.render_work(await app.db.read(work.work_of, payload.interaction.slack_id))
    view = read_only_modal(TITLE, message.blocks)
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def send_file(app: AppContext, payload: ActionPayload) -> None:
    """Queue the file with the person's own work, and say so in place of the button."""
    interaction = payload.interaction
    await app.db.write(
        outbox.enqueue, WorkFileMessage(), recipient=interaction.slack_id, now=interaction.at
    )
    own_work = await app.db.read(work.work_of, interaction.slack_id)
    message = work_view.render_work(own_work, is_file_requested=True)
    if (payload.view or {}).get("type") == "modal":
        view = read_only_modal(TITLE, message.blocks)
        app.run_in_background(update_view(app.sender, payload.modal, view))
    else:
        reply(app, payload, message)
