"""Coordinators' side of questions and flags: open the item, answer, resolve, put on hold."""

from __future__ import annotations

from sqlmodel import Session

from bot.app_context import AppContext
from bot.messages.questions import FlagMessage
from bot.services.actors.actor import Actor
from bot.services.questions import flags, questions
from bot.services.tasks import next_task
from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.entries import parse_inputs
from bot.slack.blockkit.types import ModalView
from bot.slack.client.modals import open_view
from bot.slack.views import questions_coordinator
from bot.slack.views.questions_expert import TEXT_KEY
from bot.slack.views.task_modals import ModalMetadata
from handlers.payloads import ActionPayload, SubmissionPayload, SubmissionResponse
from storage.queries import outbox, questions_and_flags
from storage.queries.questions_and_flags import QuestionOrFlag
from storage.tables import Assignment


async def open_item(app: AppContext, payload: ActionPayload) -> None:
    """Open the item of a question or flag."""
    task = await app.db.read(_load_task, payload.action.target_id)
    await _open_modal(app, payload, questions_coordinator.item_modal(task))


async def open_reply_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog to answer a question."""
    question = await app.db.read(_load_question, payload.action.target_id)
    await _open_modal(app, payload, questions_coordinator.answer_question_modal(question))


async def submit_reply(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Save the answer to a question."""
    question_id = ModalMetadata.from_json(submission.metadata).target_id
    text = _entered_text(submission)
    await app.db.write(questions.answer_question, question_id, text, submission.actor)
    return None


async def open_resolve_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog to resolve a flag."""
    flag = await app.db.read(_load_flag, payload.action.target_id)
    interaction = payload.interaction
    metadata = ModalMetadata(
        flag.id, interaction.channel, interaction.message_ts, interaction.response_url
    )
    await _open_modal(app, payload, questions_coordinator.resolve_flag_modal(flag, metadata))


async def submit_resolution(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Save the resolution of a flag and update the message that shows the flag."""
    metadata = ModalMetadata.from_json(submission.metadata)
    await app.db.write(_resolve_flag, metadata, _entered_text(submission), submission.actor)
    return None


async def put_on_hold(app: AppContext, payload: ActionPayload) -> None:
    """Put the flagged task on hold and update the message that shows the flag."""
    interaction = payload.interaction
    metadata = ModalMetadata(
        payload.action.target_id,
        interaction.channel,
        interaction.message_ts,
        interaction.response_url,
    )
    await app.db.write(_put_on_hold, metadata, payload.actor)


async def _open_modal(app: AppContext, payload: ActionPayload, view: ModalView) -> None:
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


def _entered_text(submission: SubmissionPayload) -> str:
    return parse_inputs(submission.values).text(TEXT_KEY)


def _load_task(session: Session, assignment_id: int) -> TaskView:
    if session.get(Assignment, assignment_id) is None:
        raise questions.UnknownQuestionError
    return next_task.task_view(session, assignment_id)


def _load_question(session: Session, question_id: int) -> QuestionOrFlag:
    question = questions_and_flags.question_by_id(session, question_id)
    if question is None:
        raise questions.UnknownQuestionError
    return question


def _load_flag(session: Session, flag_id: int) -> QuestionOrFlag:
    flag = questions_and_flags.flag_by_id(session, flag_id)
    if flag is None:
        raise flags.UnknownFlagError
    return flag


def _resolve_flag(session: Session, metadata: ModalMetadata, text: str, actor: Actor) -> None:
    flags.resolve_flag(session, metadata.target_id, text, actor)
    _queue_flag_update(session, metadata, actor)


def _put_on_hold(session: Session, metadata: ModalMetadata, actor: Actor) -> None:
    flags.put_on_hold(session, metadata.target_id, actor)
    _queue_flag_update(session, metadata, actor)


def _queue_flag_update(session: Session, metadata: ModalMetadata, actor: Actor) -> None:
    message = FlagMessage(
        metadata.target_id, channel=metadata.channel, message_ts=metadata.message_ts
    )
    url = metadata.response_url
    outbox.enqueue(session, message, recipient=actor.name, now=actor.at, response_url=url)
