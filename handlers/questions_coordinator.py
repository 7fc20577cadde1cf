"""What coordinators do about questions and flags: open the item, answer, resolve, set aside."""

from __future__ import annotations

from sqlmodel import Session

from bot.app_context import AppContext
from bot.services.actors.actor import Actor
from bot.services.questions import flags, questions
from bot.services.tasks import next_task
from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.inputs import parse_inputs
from bot.slack.client.modals import open_view
from bot.slack.views import questions_coordinator
from bot.slack.views.questions_expert import TEXT_KEY
from bot.slack.views.task_modals import ModalMetadata
from handlers.payloads import ActionPayload, SubmissionPayload, SubmissionResponse
from storage.queries import outbox, questions_and_flags
from storage.queries.questions_and_flags import QuestionOrFlag
from storage.tables import Assignment


async def open_item(app: AppContext, payload: ActionPayload) -> None:
    """Open the item that something was raised about."""
    task = await app.db.read(_load_task, payload.action.target_id)
    await _open_modal(app, payload, questions_coordinator.item_modal(task))


async def open_reply_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the window to answer a question in."""
    question = await app.db.read(_load_question, payload.action.target_id)
    await _open_modal(app, payload, questions_coordinator.answer_question_modal(question))


async def submit_reply(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Answer a question."""
    question, text = (
        ModalMetadata.from_json(submission.metadata).target_id,
        _entered_text(submission),
    )
    await app.db.write(questions.answer_question, question, text, submission.actor)
    return None


async def open_resolve_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the window that asks what became of a flag."""
    flag = await app.db.read(_load_flag, payload.action.target_id)
    interaction = payload.interaction
    backdrop = ModalMetadata(
        flag.id, interaction.channel, interaction.message_ts, interaction.response_url
    )
    await _open_modal(app, payload, questions_coordinator.resolve_flag_modal(flag, backdrop))


async def submit_resolution(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Write down what became of a flag; the message it stood in says so."""
    backdrop = ModalMetadata.from_json(submission.metadata)
    await app.db.write(_resolve_flag, backdrop, _entered_text(submission), submission.actor)
    return None


async def put_on_hold(app: AppContext, payload: ActionPayload) -> None:
    """Keep the flagged task from everybody for now."""
    interaction = payload.interaction
    backdrop = ModalMetadata(
        payload.action.target_id,
        interaction.channel,
        interaction.message_ts,
        interaction.response_url,
    )
    await app.db.write(_put_on_hold, backdrop, payload.actor)


async def _open_modal(app: AppContext, payload: ActionPayload, view: dict[str, object]) -> None:
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


def _entered_text(submission: SubmissionPayload) -> str:
    return parse_inputs(submission.values).get(TEXT_KEY) or ""


def _load_task(session: Session, assignment_id: int) -> TaskView:
    assignment = session.get(Assignment, assignment_id)
    if assignment is None:
        raise questions.UnknownQuestionError
    return next_task.task_view(session, assignment)


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


def _resolve_flag(session: Session, backdrop: ModalMetadata, text: str, actor: Actor) -> None:
    flags.resolve_flag(session, backdrop.target_id, text, actor)
    _queue_flag_update(session, backdrop, actor)


def _put_on_hold(session: Session, backdrop: ModalMetadata, actor: Actor) -> None:
    flags.put_on_hold(session, backdrop.target_id, actor)
    _queue_flag_update(session, backdrop, actor)


def _queue_flag_update(session: Session, backdrop: ModalMetadata, actor: Actor) -> None:
    payload = {
        "flag_id": backdrop.target_id,
        "channel": backdrop.channel,
        "message_ts": backdrop.message_ts,
    }
    url = backdrop.response_url
    outbox.enqueue(
        session, "flag", recipient=actor.name, payload=payload, now=actor.at, response_url=url
    )
