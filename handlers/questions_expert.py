"""Experts' side of questions and flags: the overflow menu of a task, and answered questions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from bot.app_context import AppContext
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.questions import flags, questions
from bot.services.tasks import next_task
from bot.slack.blockkit.entries import parse_inputs
from bot.slack.client.modals import open_view
from bot.slack.views import questions_expert
from bot.slack.views.task_modals import ModalMetadata
from handlers.payloads import ActionPayload, SubmissionPayload, SubmissionResponse
from storage.queries import questions_and_flags
from storage.queries.questions_and_flags import AnsweredQuestion


async def open_menu_option(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog of an option in the task's overflow menu."""
    task = await app.db.write(next_task.open_task, payload.action.target_id, payload.interaction)
    view = questions_expert.menu_modal(payload.action.option, task)
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def submit_question(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Send a question to the coordinators."""
    assignment_id, text = _parse_submission(submission)
    coordinators = app.settings.coordinators
    await app.db.write(
        questions.ask_question, assignment_id, text, submission.interaction, coordinators
    )
    return None


async def submit_flag(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Flag an item to the coordinators."""
    assignment_id, text = _parse_submission(submission)
    coordinators = app.settings.coordinators
    await app.db.write(flags.flag_item, assignment_id, text, submission.interaction, coordinators)
    return None


def _parse_submission(submission: SubmissionPayload) -> tuple[int, str]:
    metadata = ModalMetadata.from_json(submission.metadata)
    return metadata.target_id, parse_inputs(submission.values).text(questions_expert.TEXT_KEY)


async def open_question_answers(app: AppContext, payload: ActionPayload) -> None:
    """Open the answered questions about the task's item."""
    answered = await app.db.write(
        _load_question_answers, payload.action.target_id, payload.interaction
    )
    view = questions_expert.answered_questions_modal(answered)
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


def _load_question_answers(
    session: Session, assignment_id: int, interaction: Interaction
) -> Sequence[AnsweredQuestion]:
    assignment = submit.require_assignee(session, assignment_id, interaction)
    return questions_and_flags.answered_questions(session, assignment.task_id)
