"""Review: one case at a time, decided by button or in a dialog, or sent back to the experts."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session

from bot.app_context import AppContext
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns
from bot.services.reviews import decisions, review_queue
from bot.services.reviews.review_queue import (
    CaseCursor,
    NoReviewCaseError,
    ReviewCase,
    ReviewReason,
)
from bot.slack.blockkit.entries import parse_inputs
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import pluralize
from bot.slack.blockkit.types import ModalView
from bot.slack.client.modals import open_view, update_view
from bot.slack.forms.modal_fields import parse_modal_input
from bot.slack.parsing.action_ids import parse_row_id
from bot.slack.parsing.modal_metadata import parse_metadata
from bot.slack.views import review, review_modals
from bot.slack.views.review_modals import CaseReference
from handlers.payloads import (
    ActionPayload,
    CommandPayload,
    CommandResponse,
    SubmissionPayload,
    SubmissionResponse,
)
from handlers.responses import reply
from storage.tables import Campaign


async def start_from_command(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Show the first case of one campaign or of all."""
    name = command.arguments.first_token
    campaign = await app.db.read(campaigns.campaign_by_name, name) if name else None
    case = await app.db.read(_first_case, campaign, command.slack_id)
    return review.render_case(case) if case else review.render_empty_queue()


async def start_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Show the first case of the button's campaign, or of all (0)."""
    campaign_id = payload.action.target_id
    campaign = await app.db.read(campaigns.campaign_by_id, campaign_id) if campaign_id else None
    case = await app.db.read(_first_case, campaign, payload.interaction.slack_id)
    reply(app, payload, review.render_case(case) if case else review.render_empty_queue())


async def show_next_case(app: AppContext, payload: ActionPayload) -> None:
    """Show the case after the current one, or the first one if none is shown."""
    after = _case_position(payload) if payload.action.field else None
    case = await app.db.read(review_queue.next_case_after, payload.interaction.slack_id, after)
    reply(app, payload, review.render_case(case) if case else review.render_empty_queue())


async def accept(app: AppContext, payload: ActionPayload) -> None:
    """Decide the case by accepting an expert's answer."""
    decision = await app.db.write(decisions.accept_answer, payload.action.target_id, payload.actor)
    await _reply_with_next_case(app, payload, "Answer accepted.", decision.task_id)


async def keep(app: AppContext, payload: ActionPayload) -> None:
    """Decide the case by keeping all answers as they are."""
    await app.db.write(decisions.keep_as_is, payload.action.target_id, payload.actor)
    await _reply_with_next_case(app, payload, "Kept as is.", payload.action.target_id)


async def return_to_queue(app: AppContext, payload: ActionPayload) -> None:
    """Return a task on hold to the queue."""
    await app.db.write(decisions.return_to_queue, payload.action.target_id, payload.actor)
    await _reply_with_next_case(app, payload, "Returned to the queue.")


async def undo_decision(app: AppContext, payload: ActionPayload) -> None:
    """Undo a decision and show its case again."""
    case = await app.db.write(_undo_decision, payload.action.target_id, payload.actor)
    reply(app, payload, review.render_case(case))


async def open_full_text(app: AppContext, payload: ActionPayload) -> None:
    """Open the first page of all answers and of the task."""
    view = review_modals.full_text_modal(await _case_of(app, payload), 0)
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def show_full_text_page(app: AppContext, payload: ActionPayload) -> None:
    """Show another page in the open dialog."""
    page = parse_row_id(payload.action.option)
    view = review_modals.full_text_modal(await _case_of(app, payload), page)
    app.run_in_background(update_view(app.sender, payload.modal, view))


async def open_decision_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog to enter another answer."""
    await _open_modal(app, payload, review_modals.decision_modal)


async def open_send_back_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog to send the answers back with a reason."""
    await _open_modal(app, payload, review_modals.send_back_modal)


async def submit_decision(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Save the answer that was entered in the dialog, and show the next case."""
    reference = parse_metadata(CaseReference, submission.metadata)
    await app.db.write(_store_decision, reference, submission)
    message = await _render_next_case(
        app, reference, submission, "Decision saved.", reference.task_id
    )
    _replace_message(app, reference, message)
    return None


async def submit_send_back(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Send the answers back to the experts who gave them, and show the next case."""
    reference = parse_metadata(CaseReference, submission.metadata)
    reason = parse_inputs(submission.values).text("reason")
    count = await app.db.write(decisions.send_back, reference.task_id, reason, submission.actor)
    result = f"Sent back to {pluralize(count, 'expert')}."
    _replace_message(app, reference, await _render_next_case(app, reference, submission, result))
    return None


async def _open_modal(
    app: AppContext,
    payload: ActionPayload,
    build_modal: Callable[[ReviewCase, CaseReference], ModalView],
) -> None:
    case = await _case_of(app, payload)
    reference = CaseReference(case.task_id, case.reason.value, payload.interaction.response_url)
    view = build_modal(case, reference)
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def _case_of(app: AppContext, payload: ActionPayload) -> ReviewCase:
    reason = _parse_reason(payload.action.field)
    return await app.db.read(review_queue.case_of, payload.action.target_id, reason)


async def _reply_with_next_case(
    app: AppContext, payload: ActionPayload, result: str, undo_task_id: int = 0
) -> None:
    """Show the result and the next case; `undo_task_id` adds a button to undo that decision."""
    case = await app.db.read(
        review_queue.next_case_after, payload.interaction.slack_id, _case_position(payload)
    )
    reply(app, payload, _render_case(case, result, undo_task_id))


async def _render_next_case(
    app: AppContext,
    reference: CaseReference,
    submission: SubmissionPayload,
    result: str,
    undo_task_id: int = 0,
) -> Message:
    after = (_parse_reason(reference.reason), reference.task_id)
    case = await app.db.read(review_queue.next_case_after, submission.interaction.slack_id, after)
    return _render_case(case, result, undo_task_id)


def _render_case(case: ReviewCase | None, result: str, undo_task_id: int) -> Message:
    if case is None:
        return review.render_empty_queue(result)
    return review.render_case(case, result, undo_task_id)


def _replace_message(app: AppContext, reference: CaseReference, message: Message) -> None:
    if reference.response_url:
        now = app.clock.now()
        app.run_in_background(
            app.sender.replace(reference.response_url, now, message.text, message.blocks)
        )


def _first_case(session: Session, campaign: Campaign | None, reviewer: str) -> ReviewCase | None:
    return review_queue.next_case(session, campaign.id if campaign else None, reviewer)


def _case_position(payload: ActionPayload) -> CaseCursor:
    """Return the position of the button's case.

    The task id is the option if there is one; then the target is something else, such as an answer.
    """
    task_id = parse_row_id(payload.action.option) or payload.action.target_id
    return _parse_reason(payload.action.field), task_id


def _parse_reason(name: str) -> ReviewReason:
    if name not in set(ReviewReason):
        raise NoReviewCaseError
    return ReviewReason(name)


def _undo_decision(session: Session, task_id: int, actor: Actor) -> ReviewCase:
    decisions.undo_decision(session, task_id, actor)
    return review_queue.case_of(session, task_id, ReviewReason.DISAGREED)


def _store_decision(
    session: Session, reference: CaseReference, submission: SubmissionPayload
) -> None:
    form = review_queue.case_of(session, reference.task_id, _parse_reason(reference.reason)).form
    fields = (*form.message_fields, *form.modal_fields)
    inputs = parse_modal_input(fields, submission.values, reference.joins)
    reason = parse_inputs(submission.values).text(review_modals.DECISION_REASON_KEY)
    decisions.override_answer(session, reference.task_id, inputs, reason, submission.actor)
