"""Buttons of a task message: answer, undo, skip, next task."""

from __future__ import annotations

from dataclasses import replace

from bot.app_context import AppContext
from bot.services.answers import submit
from bot.services.answers.submit_group import SUBMIT_ANSWER, Submission
from bot.services.assignments import assign
from bot.slack.forms.message_fields import parse_form_input
from bot.slack.parsing import action_ids
from handlers import full_text, written_answers
from handlers.payloads import ActionPayload


async def submit_answer(app: AppContext, payload: ActionPayload) -> None:
    """Store an answer or one criterion of it; open the modal at once if text is required.

    The full text of a task has the same buttons; it then shows the next task.
    """
    button = payload.action
    inputs = parse_form_input(button)
    submission = Submission(button.target_id, inputs, payload.interaction)
    parsed = await app.db.write_grouped(SUBMIT_ANSWER, submission)
    if parsed.needs_text:
        await written_answers.open_modal(
            app, replace(payload, action=action_ids.Action("write_answer", button.target_id))
        )
    elif payload.view:
        await full_text.show_next_task(app, payload)


async def undo(app: AppContext, payload: ActionPayload) -> None:
    """Undo the last answer or skip."""
    await app.db.write(submit.undo, payload.action.target_id, payload.interaction)


async def skip(app: AppContext, payload: ActionPayload) -> None:
    """Skip the task, with a reason."""
    button = payload.action
    await app.db.write(submit.skip_task, button.target_id, button.option, payload.interaction)


async def show_next_task(app: AppContext, payload: ActionPayload) -> None:
    """Queue the next task, to replace the message with the button."""
    await app.db.write(assign.request_next_task_in_place, payload.interaction)
