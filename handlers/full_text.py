"""The full-text and guidelines dialogs of a task; opening all of the full text is recorded."""

from __future__ import annotations

from sqlmodel import Session

from bot.app_context import AppContext
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.tasks import next_task
from bot.services.tasks.next_task import TaskPage, TaskView
from bot.slack.blockkit.types import ModalView
from bot.slack.client.modals import open_view, replace_view, update_view
from bot.slack.parsing import action_ids
from bot.slack.views import task_modals
from handlers.payloads import ActionPayload


async def open_full_text(app: AppContext, payload: ActionPayload) -> None:
    """Open the first page of the full text."""
    task = await app.db.write(_record_page, payload.action.target_id, 0, payload.interaction)
    view = task_modals.full_text_modal(task, 0)
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def open_guidelines(app: AppContext, payload: ActionPayload) -> None:
    """Open the guidelines of the task's campaign."""
    task = await app.db.write(next_task.open_task, payload.action.target_id, payload.interaction)
    view = task_modals.guidelines_modal(task)
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def ignore_link(_app: AppContext, _payload: ActionPayload) -> None:
    """Do nothing: Slack opens the link, but expects its action to be acknowledged."""


async def show_page(app: AppContext, payload: ActionPayload) -> None:
    """Show another page in the open dialog."""
    page = action_ids.parse_row_id(payload.action.option)
    task = await app.db.write(_record_page, payload.action.target_id, page, payload.interaction)
    view = task_modals.full_text_modal(task, page)
    app.run_in_background(update_view(app.sender, payload.modal, view))


async def show_next_task(app: AppContext, payload: ActionPayload) -> None:
    """After an answer in the full text, show the next task in the same dialog."""
    view = await _next_view(app, payload)
    if view:
        app.run_in_background(_update_after_answer(app, payload, view))


async def _update_after_answer(app: AppContext, payload: ActionPayload, view: ModalView) -> None:
    """Update the dialog; after two quick taps, show what both of them lead to."""
    if await update_view(app.sender, payload.modal, view):
        return
    newest_view = await _next_view(app, payload)
    if newest_view:
        await replace_view(app.sender, payload.modal["id"], newest_view)


async def _next_view(app: AppContext, payload: ActionPayload) -> ModalView | None:
    answered_id = payload.action.target_id
    page = await app.db.write(_next_page, answered_id, payload.interaction)
    return task_modals.next_full_text_modal(page, answered_id) if page else None


def _next_page(session: Session, answered_id: int, interaction: Interaction) -> TaskPage | None:
    """Return the page that the message gets too; its task is opened here."""
    next_ = next_task.decide_next_task(session, interaction.slack_id, answered_id, interaction.at)
    page = next_task.build_page(session, next_) if next_ else None
    if page and page.task and task_modals.is_last_page(page.task, 0):
        submit.mark_full_text_read(session, page.task.id, interaction)
    return page


def _record_page(
    session: Session, assignment_id: int, page: int, interaction: Interaction
) -> TaskView:
    """Return the task, and record that all of its text was opened if the page is the last one."""
    task = next_task.open_task(session, assignment_id, interaction)
    if task_modals.is_last_page(task, page):
        submit.mark_full_text_read(session, assignment_id, interaction)
    return task
