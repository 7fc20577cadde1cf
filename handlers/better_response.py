"""Writing the better response, where both are bad."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from bot.app_context import AppContext
from bot.errors import BotError
from bot.kinds.base import InvalidAnswerError, ParsedAnswer
from bot.kinds.form import BetterResponse
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.tasks import next_task
from bot.services.tasks.next_task import TaskView
from bot.slack.client.modals import open_view, update_view
from bot.slack.views import better_response_modal, task_modals
from bot.slack.views.better_response_modal import BetterResponseState
from handlers.payloads import ActionPayload, SubmissionPayload, SubmissionResponse


class BetterResponseNotNeededError(BotError):
    """You no longer say that both are bad, so there is no better one to write."""


async def open_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the window, with what was written before or a response to begin with."""
    interaction = payload.interaction
    task, better = await app.db.write(_load_task, payload.action.target_id, interaction)
    sheet = BetterResponseState(
        task.id, interaction.channel, interaction.message_ts, interaction.response_url
    )
    view = better_response_modal.build_modal(task, better, sheet) or task_modals.too_long_modal()
    app.run_in_background(open_view(app.sender, payload.trigger_id, view, interaction.response_url))


async def change_start(app: AppContext, payload: ActionPayload) -> None:
    """Fill the open window with another beginning."""
    task, better, sheet, state = await _load_open_modal(app, payload)
    view = better_response_modal.replace_start(task, better, sheet, state, payload.action.option)
    app.run_in_background(update_view(app.sender, dict(payload.view or {}), view))


async def add_response_part(app: AppContext, payload: ActionPayload) -> None:
    """Give the open window one more box; what stands in the others stays."""
    task, better, sheet, state = await _load_open_modal(app, payload)
    view = better_response_modal.add_part(task, better, sheet, state)
    app.run_in_background(update_view(app.sender, dict(payload.view or {}), view))


async def submit_better_response(
    app: AppContext, submission: SubmissionPayload
) -> SubmissionResponse:
    """Store what was written."""
    sheet = BetterResponseState.from_metadata(submission.metadata)
    interaction = replace(
        submission.interaction,
        response_url=sheet.response_url,
        channel=sheet.channel,
        message_ts=sheet.message_ts,
    )
    await app.db.write(_store_answer, sheet, submission.values, interaction)
    return None


async def _load_open_modal(
    app: AppContext, payload: ActionPayload
) -> tuple[TaskView, BetterResponse, BetterResponseState, Mapping[str, Any]]:
    view = dict(payload.view or {})
    task, better = await app.db.write(_load_task, payload.action.target_id, payload.interaction)
    return (
        task,
        better,
        BetterResponseState.from_metadata(view["private_metadata"]),
        view["state"]["values"],
    )


def _load_task(
    session: Session, assignment_id: int, interaction: Interaction
) -> tuple[TaskView, BetterResponse]:
    task = next_task.held_task(session, assignment_id, interaction)
    better = task.form.better_response_for(task.value)
    if better is None:
        raise BetterResponseNotNeededError
    return task, better


def _store_answer(
    session: Session,
    sheet: BetterResponseState,
    values: Mapping[str, Any],
    interaction: Interaction,
) -> ParsedAnswer:
    _task, better = _load_task(session, sheet.assignment_id, interaction)
    given = better_response_modal.parse_form_input(better, sheet, values)
    try:
        return submit.submit_answer(session, sheet.assignment_id, given, interaction)
    except InvalidAnswerError as error:
        box = better_response_modal.text_field_of(
            better, sheet
        ).key  # what the box is called in this window
        raise InvalidAnswerError(box, str(error.details["reason"])) from error
