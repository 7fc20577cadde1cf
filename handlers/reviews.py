"""Review: one case at a time, decided by button or in a dialog, or sent back to the experts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlmodel import Session

from bot.app_context import AppContext
from bot.errors import BotError
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns
from bot.services.reviews import decided_cases, decisions, review_case, review_queue
from bot.services.reviews.review_case import CasePlace, ReviewCase, ReviewReason
from bot.services.reviews.review_queue import CaseCursor
from bot.slack.blockkit.entries import parse_inputs
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import pluralize
from bot.slack.blockkit.types import ModalView
from bot.slack.client.modals import open_view, update_view
from bot.slack.forms.modal_fields import parse_modal_input
from bot.slack.parsing.action_ids import parse_row_id
from bot.slack.parsing.modal_metadata import parse_metadata
from bot.slack.views import review, review_decisions, review_modals
from bot.slack.views.review import QueueEnd
from bot.slack.views.review_modals import CaseReference
from handlers.payloads import (
    ActionPayload,
    CommandPayload,
    CommandResponse,
    SubmissionPayload,
    SubmissionResponse,
)
from handlers.responses import reply
from storage.row_id import id_of
from storage.tables import Campaign, Task

MAX_COUNTED_CASES = 1_000
"""Passed cases that are counted at the end of the queue."""


FILTER_NAMES = {
    "flags": ReviewReason.FLAGGED,
    "skipped": ReviewReason.ON_HOLD,
    "disagreements": ReviewReason.DISAGREED,
    "sample": ReviewReason.SAMPLED,
}
"""Values of the command's option `only`."""


class UnknownFilterError(BotError):
    """Unknown filter “{name}”. Use only=flags, skipped, disagreements or sample."""


async def start_from_command(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Show the first case of one campaign or of all, of every reason or of one."""
    arguments = command.arguments
    only = _parse_filter(arguments.options)
    name = arguments.first_token
    campaign = await app.db.read(campaigns.campaign_by_name, name) if name else None
    return await _render_first(app, campaign, command.slack_id, only)


async def start_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Show the first case of the button's campaign, or of all (0)."""
    campaign = await _campaign_of(app, payload)
    reply(app, payload, await _render_first(app, campaign, payload.interaction.slack_id))


async def filter_cases(app: AppContext, payload: ActionPayload) -> None:
    """Show the first case of the chosen reason, or of any."""
    option = payload.action.option
    only = ReviewReason(option) if option in set(ReviewReason) else None
    campaign = await _campaign_of(app, payload)
    reply(app, payload, await _render_first(app, campaign, payload.interaction.slack_id, only))


async def show_decisions(app: AppContext, payload: ActionPayload) -> None:
    """Show the newest decisions of the button's campaign."""
    campaign = await app.db.read(campaigns.campaign_by_id, payload.action.target_id)
    found = await app.db.read(
        decided_cases.list_decided, id_of(campaign), review_decisions.MAX_DECISIONS
    )
    now = payload.interaction.at
    message = review_decisions.render_decisions(campaign.title, id_of(campaign), found, now)
    reply(app, payload, message)


async def show_next_case(app: AppContext, payload: ActionPayload) -> None:
    """Show the case after the current one, or the first one if none is shown."""
    after = _case_position(payload) if payload.action.field else None
    reply(app, payload, await _render_next(app, payload.interaction.slack_id, after))


async def accept(app: AppContext, payload: ActionPayload) -> None:
    """Decide the case by accepting an expert's answer."""
    decision = await app.db.write(decisions.accept_answer, payload.action.target_id, payload.actor)
    await _reply_with_next_case(app, payload, decision.task_id)


async def keep(app: AppContext, payload: ActionPayload) -> None:
    """Decide the case by keeping all answers as they are."""
    await app.db.write(decisions.keep_as_is, payload.action.target_id, payload.actor)
    await _reply_with_next_case(app, payload, payload.action.target_id)


async def return_to_queue(app: AppContext, payload: ActionPayload) -> None:
    """Return a task on hold to the queue."""
    await app.db.write(decisions.return_to_queue, payload.action.target_id, payload.actor)
    after, reviewer = _case_position(payload), payload.interaction.slack_id
    reply(app, payload, await _render_next(app, reviewer, after, "Returned to the queue."))


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
    result = await _describe_decision(app, reference.task_id)
    await _replace_with_next_case(app, reference, submission, result, reference.task_id)
    return None


async def submit_send_back(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Send the answers back to the experts who gave them, and show the next case."""
    reference = parse_metadata(CaseReference, submission.metadata)
    reason = parse_inputs(submission.values).text("reason")
    count = await app.db.write(decisions.send_back, reference.task_id, reason, submission.actor)
    result = f"Sent back to {pluralize(count, 'expert')}."
    await _replace_with_next_case(app, reference, submission, result)
    return None


async def _open_modal(
    app: AppContext,
    payload: ActionPayload,
    build_modal: Callable[[ReviewCase, CaseReference], ModalView],
) -> None:
    case = await _case_of(app, payload)
    reference = CaseReference(
        case.task_id, review.case_field(case), payload.interaction.response_url
    )
    view = build_modal(case, reference)
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def _case_of(app: AppContext, payload: ActionPayload) -> ReviewCase:
    cursor = review.parse_case_field(payload.action.field, payload.action.target_id)
    place = CasePlace(cursor.number, is_filtered=cursor.is_filtered)
    return await app.db.read(review_case.case_of, cursor.task_id, cursor.reason, place)


async def _campaign_of(app: AppContext, payload: ActionPayload) -> Campaign | None:
    campaign_id = payload.action.target_id
    return await app.db.read(campaigns.campaign_by_id, campaign_id) if campaign_id else None


async def _render_first(
    app: AppContext, campaign: Campaign | None, reviewer: str, only: ReviewReason | None = None
) -> Message:
    case = await app.db.read(_first_case, campaign, reviewer, only)
    if case:
        return review.render_case(case)
    return review.render_queue_end(QueueEnd(id_of(campaign) if campaign else 0, only=only))


async def _reply_with_next_case(app: AppContext, payload: ActionPayload, task_id: int) -> None:
    """Show what was decided about a task, with a button to undo it, and the next case."""
    result = await _describe_decision(app, task_id)
    after, reviewer = _case_position(payload), payload.interaction.slack_id
    reply(app, payload, await _render_next(app, reviewer, after, result, task_id))


async def _describe_decision(app: AppContext, task_id: int) -> str:
    return review_decisions.describe_decision(
        await app.db.read(decided_cases.decided_case, task_id)
    )


async def _replace_with_next_case(
    app: AppContext,
    reference: CaseReference,
    submission: SubmissionPayload,
    result: str,
    undo_task_id: int = 0,
) -> None:
    after = review.parse_case_field(reference.reason, reference.task_id)
    reviewer = submission.interaction.slack_id
    message = await _render_next(app, reviewer, after, result, undo_task_id)
    if reference.response_url:
        now = app.clock.now()
        app.run_in_background(
            app.sender.replace(reference.response_url, now, message.text, message.blocks)
        )


async def _render_next(
    app: AppContext,
    reviewer: str,
    after: CaseCursor | None,
    result: str = "",
    undo_task_id: int = 0,
) -> Message:
    case = await app.db.read(review_queue.next_case_after, reviewer, after)
    if case is not None:
        return review.render_case(case, result, undo_task_id)
    end = await app.db.read(_queue_end, reviewer, after)
    return review.render_queue_end(end, result, undo_task_id)


def _queue_end(session: Session, reviewer: str, after: CaseCursor | None) -> QueueEnd:
    """Return the end of the queue after its last case."""
    task = session.get(Task, after.task_id) if after else None
    if task is None or after is None:
        return QueueEnd()
    only = after.reason if after.is_filtered else None
    passed = review_queue.list_cases(session, task.campaign_id, reviewer, MAX_COUNTED_CASES, only)
    return QueueEnd(task.campaign_id, len(passed), only)


def _first_case(
    session: Session, campaign: Campaign | None, reviewer: str, only: ReviewReason | None
) -> ReviewCase | None:
    campaign_id = campaign.id if campaign else None
    return review_queue.next_case(session, campaign_id, reviewer, only=only)


def _case_position(payload: ActionPayload) -> CaseCursor:
    """Return the position of the button's case.

    The task id is the option if there is one; then the target is something else, such as an answer.
    """
    task_id = parse_row_id(payload.action.option) or payload.action.target_id
    return review.parse_case_field(payload.action.field, task_id)


def _parse_filter(options: Mapping[str, str]) -> ReviewReason | None:
    unknown = sorted(set(options) - {"only"})
    name = options.get("only", unknown[0] if unknown else "")
    if unknown or (name and name not in FILTER_NAMES):
        raise UnknownFilterError(name=name)
    return FILTER_NAMES[name] if name else None


def _undo_decision(session: Session, task_id: int, actor: Actor) -> ReviewCase:
    decisions.undo_decision(session, task_id, actor)
    return review_case.case_of(session, task_id, ReviewReason.DISAGREED)


def _store_decision(
    session: Session, reference: CaseReference, submission: SubmissionPayload
) -> None:
    cursor = review.parse_case_field(reference.reason, reference.task_id)
    form = review_case.case_of(session, cursor.task_id, cursor.reason).form
    fields = (*form.message_fields, *form.modal_fields)
    inputs = parse_modal_input(fields, submission.values, reference.joins)
    reason = parse_inputs(submission.values).text(review_modals.DECISION_REASON_KEY)
    decisions.override_answer(session, reference.task_id, inputs, reason, submission.actor)
