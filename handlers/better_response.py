"""The dialog to write a better response when both candidates are bad."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import Session

from bot.app_context import AppContext
from bot.errors import BotError
from bot.kinds.base import InvalidAnswerError, ParsedAnswer
from bot.kinds.form import BetterResponse
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.tasks import next_task
from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.entries import StateValues
from bot.slack.client.modals import open_view, update_view
from bot.slack.views import better_response_modal, task_modals
from bot.slack.views.better_response_modal import BetterResponseState
from handlers.payloads import ActionPayload, SubmissionPayload, SubmissionResponse


class BetterResponseNotNeededError(BotError):
    """Your answer is no longer “Both are bad”, so no better response is needed."""


async def open_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog with the saved text, or with a candidate to start from."""
    interaction = payload.interaction
    task, better_response = await app.db.write(_load_task, payload.action.target_id, interaction)
    state = BetterResponseState(
        task.id, interaction.channel, interaction.message_ts, interaction.response_url
    )
    view = (
        better_response_modal.build_modal(task, better_response, state)
        or task_modals.too_long_modal()
    )
    app.run_in_background(open_view(app.sender, payload.trigger_id, view, interaction.response_url))


async def change_start(app: AppContext, payload: ActionPayload) -> None:
    """Replace the text in the open dialog with another starting text."""
    task, better_response, state, values = await _load_open_modal(app, payload)
    view = better_response_modal.replace_start(
        task, better_response, state, values, payload.action.option
    )
    app.run_in_background(update_view(app.sender, payload.modal, view))


async def add_response_part(app: AppContext, payload: ActionPayload) -> None:
    """Add a text box to the open dialog; the other boxes keep their text."""
    task, better_response, state, values = await _load_open_modal(app, payload)
    view = better_response_modal.add_part(task, better_response, state, values)
    app.run_in_background(update_view(app.sender, payload.modal, view))


async def toggle_formatting(app: AppContext, payload: ActionPayload) -> None:
    """Show the text of the open dialog in boxes with formatting, or in plain ones again."""
    task, better_response, state, values = await _load_open_modal(app, payload)
    view = better_response_modal.change_boxes(task, better_response, state, values)
    app.run_in_background(update_view(app.sender, payload.modal, view))


async def submit_better_response(
    app: AppContext, submission: SubmissionPayload
) -> SubmissionResponse:
    """Store the response, and update the message that the dialog was opened from."""
    state = BetterResponseState.from_metadata(submission.metadata)
    interaction = replace(
        submission.interaction,
        response_url=state.response_url,
        channel=state.channel,
        message_ts=state.message_ts,
    )
    await app.db.write(_store_answer, state, submission.values, interaction)
    return None


async def _load_open_modal(
    app: AppContext, payload: ActionPayload
) -> tuple[TaskView, BetterResponse, BetterResponseState, StateValues]:
    view = payload.modal
    task, better_response = await app.db.write(
        _load_task, payload.action.target_id, payload.interaction
    )
    return (
        task,
        better_response,
        BetterResponseState.from_metadata(view["private_metadata"]),
        view["state"]["values"],
    )


def _load_task(
    session: Session, assignment_id: int, interaction: Interaction
) -> tuple[TaskView, BetterResponse]:
    task = next_task.open_task(session, assignment_id, interaction)
    better_response = task.form.better_response_for(task.value)
    if better_response is None:
        raise BetterResponseNotNeededError
    return task, better_response


def _store_answer(
    session: Session,
    state: BetterResponseState,
    values: StateValues,
    interaction: Interaction,
) -> ParsedAnswer:
    _task, better_response = _load_task(session, state.assignment_id, interaction)
    form_input = better_response_modal.parse_form_input(better_response, state, values)
    try:
        return submit.submit_answer(session, state.assignment_id, form_input, interaction)
    except InvalidAnswerError as error:
        # The text field has another key in this dialog than in the form.
        key = better_response_modal.text_field_of(better_response, state).key
        raise InvalidAnswerError(key, str(error.details["reason"])) from error
