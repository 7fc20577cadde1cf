"""Written answers: in a dialog, in one or more text boxes, or in the task's thread."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import Session

from bot.app_context import AppContext
from bot.kinds.base import ParsedAnswer
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.tasks import next_task
from bot.services.threads import thread_drafts
from bot.slack.blockkit.entries import StateValues
from bot.slack.client.modals import open_view, push_view, update_view
from bot.slack.forms.modal_fields import parse_modal_input
from bot.slack.views import short_messages, task_modals
from bot.slack.views.task_modals import ModalMetadata
from handlers.payloads import ActionPayload, SubmissionPayload, SubmissionResponse


async def open_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog to write an answer, with the text saved before.

    Text that does not fit in a modal has to be edited in the thread.
    """
    task = await app.db.write(next_task.open_task, payload.action.target_id, payload.interaction)
    interaction, field = payload.interaction, payload.action.field
    metadata = ModalMetadata(
        task.id, interaction.channel, interaction.message_ts, interaction.response_url, field=field
    )
    fits_in_modal = task_modals.fields_in_modal(task, field)
    view = (
        task_modals.answer_modal(task, metadata) if fits_in_modal else task_modals.too_long_modal()
    )
    is_in_modal = payload.view is not None
    opened = (
        push_view(app.sender, payload.trigger_id, view)
        if is_in_modal
        else open_view(app.sender, payload.trigger_id, view, interaction.response_url)
    )
    app.run_in_background(opened)


async def add_text_box(app: AppContext, payload: ActionPayload) -> None:
    """Add a text box to the open dialog; the other boxes keep their text."""
    view = payload.modal
    task = await app.db.write(next_task.open_task, payload.action.target_id, payload.interaction)
    metadata = ModalMetadata.from_json(view["private_metadata"])
    new_view = task_modals.answer_modal_with_added_part(
        task, metadata, view["state"]["values"], payload.action.field
    )
    app.run_in_background(update_view(app.sender, view, new_view))


async def toggle_formatting(app: AppContext, payload: ActionPayload) -> None:
    """Show the texts of the open dialog in boxes with formatting, or in plain ones again."""
    view = payload.modal
    task = await app.db.write(next_task.open_task, payload.action.target_id, payload.interaction)
    metadata = ModalMetadata.from_json(view["private_metadata"])
    new_view = task_modals.answer_modal_with_other_boxes(task, metadata, view["state"]["values"])
    app.run_in_background(update_view(app.sender, view, new_view))


async def submit_answer(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Store the answer, and update the message that the dialog was opened from.

    If it was opened from the full text, that closes too.
    """
    metadata = ModalMetadata.from_json(submission.metadata)
    interaction = replace(
        submission.interaction,
        response_url=metadata.response_url,
        channel=metadata.channel,
        message_ts=metadata.message_ts,
    )
    await app.db.write(_store_answer, metadata, submission.values, interaction)
    return None if metadata.channel else {"response_action": "clear"}


async def save_thread(app: AppContext, payload: ActionPayload) -> None:
    """Submit the draft in the thread as the answer."""
    await app.db.write(thread_drafts.submit_draft, payload.action.target_id, payload.interaction)


async def restart_thread(app: AppContext, payload: ActionPayload) -> None:
    """Discard the draft in the thread."""
    await app.db.write(thread_drafts.discard_draft, payload.action.target_id, payload.interaction)
    message = short_messages.render_draft_discarded()
    interaction = payload.interaction
    if interaction.response_url:
        app.run_in_background(
            app.sender.replace(
                interaction.response_url, interaction.at, message.text, message.blocks
            )
        )


def _store_answer(
    session: Session, metadata: ModalMetadata, values: StateValues, interaction: Interaction
) -> ParsedAnswer:
    form = next_task.open_task(session, metadata.target_id, interaction).form
    inputs = parse_modal_input((*form.message_fields, *form.modal_fields), values, metadata.joins)
    return submit.submit_answer(session, metadata.target_id, inputs, interaction)
