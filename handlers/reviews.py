"""Reviewing: cases one after the other, each decided with a tap, in a window, or sent back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, ParamSpec

import orjson
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
from bot.slack.blockkit.inputs import parse_inputs
from bot.slack.blockkit.message import Message
from bot.slack.client.modals import open_view
from bot.slack.forms.modal_fields import parse_modal_input
from bot.slack.views import review
from handlers.payloads import (
    ActionPayload,
    CommandPayload,
    CommandResponse,
    SubmissionPayload,
    SubmissionResponse,
)
from handlers.responses import reply
from storage.tables import Campaign

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class CaseReference:
    """What a window must remember: the case, and the message under it."""

    task_id: int
    reason: str
    response_url: str | None = None

    def pack(self) -> str:
        """Return this as private metadata."""
        return orjson.dumps(asdict(self)).decode()


async def start_from_command(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Bring the first case, of one campaign or of all."""
    name = command.arguments.first_token
    campaign = await app.db.read(campaigns.campaign_by_name, name) if name else None
    found = await app.db.read(_first_case, campaign, command.slack_id)
    return review.render_case(found) if found else review.render_empty_queue()


async def start_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Bring the first case of the campaign that the button is about, or of all (0)."""
    campaign_id = payload.action.target_id
    campaign = await app.db.read(campaigns.campaign_by_id, campaign_id) if campaign_id else None
    found = await app.db.read(_first_case, campaign, payload.interaction.slack_id)
    reply(app, payload, review.render_case(found) if found else review.render_empty_queue())


async def show_next_case(app: AppContext, payload: ActionPayload) -> None:
    """Bring the case behind the one shown, or the first one where none is."""
    after = _case_position(payload) if payload.action.field else None
    found = await app.db.read(review_queue.next_case_after, payload.interaction.slack_id, after)
    reply(app, payload, review.render_case(found) if found else review.render_empty_queue())


async def accept(app: AppContext, payload: ActionPayload) -> None:
    """Decide as one of the experts did."""
    decision = await app.db.write(decisions.accept_answer, payload.action.target_id, payload.actor)
    await _reply_with_next_case(app, payload, "Decided.", decision.task_id)


async def keep(app: AppContext, payload: ActionPayload) -> None:
    """Leave what was said as it is."""
    await app.db.write(decisions.keep_as_is, payload.action.target_id, payload.actor)
    await _reply_with_next_case(app, payload, "Left as it is.", payload.action.target_id)


async def return_to_queue(app: AppContext, payload: ActionPayload) -> None:
    """Hand out a task again that was set aside."""
    await app.db.write(decisions.return_to_queue, payload.action.target_id, payload.actor)
    await _reply_with_next_case(app, payload, "It goes out again.")


async def undo_decision(app: AppContext, payload: ActionPayload) -> None:
    """Take a decision back and show its case again."""
    case = await app.db.write(_undo_decision, payload.action.target_id, payload.actor)
    reply(app, payload, review.render_case(case))


async def open_decision_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the window to decide in."""
    await _open_modal(app, payload, review.decision_modal)


async def open_send_back_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the window that asks for a reason."""
    await _open_modal(app, payload, review.send_back_modal)


async def submit_decision(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Store a decision that was made in the window."""
    reference = CaseReference(**orjson.loads(submission.metadata))
    await app.db.write(_store_decision, reference, submission)
    _replace_message(
        app,
        reference,
        await _render_next_case(app, reference, submission, "Decided.", reference.task_id),
    )
    return None


async def submit_send_back(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Ask those who answered to look again."""
    reference = CaseReference(**orjson.loads(submission.metadata))
    reason = parse_inputs(submission.values).get("reason") or ""
    count = await app.db.write(decisions.send_back, reference.task_id, reason, submission.actor)
    done = f"Sent back to {'1 expert' if count == 1 else f'{count} experts'}."
    _replace_message(app, reference, await _render_next_case(app, reference, submission, done))
    return None


async def _open_modal(
    app: AppContext,
    payload: ActionPayload,
    build_modal: Callable[[ReviewCase, str], dict[str, Any]],
) -> None:
    case = await app.db.read(
        review_queue.case_of, payload.action.target_id, _parse_reason(payload.action.field)
    )
    reference = CaseReference(case.task_id, case.reason.value, payload.interaction.response_url)
    view = build_modal(case, reference.pack())
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def _reply_with_next_case(
    app: AppContext, payload: ActionPayload, done: str, undo: int = 0
) -> None:
    """Say what was done, and bring the case behind it."""
    found = await app.db.read(
        review_queue.next_case_after, payload.interaction.slack_id, _case_position(payload)
    )
    reply(
        app,
        payload,
        review.render_case(found, done, undo) if found else review.render_empty_queue(done),
    )


async def _render_next_case(
    app: AppContext,
    reference: CaseReference,
    submission: SubmissionPayload,
    done: str,
    undo: int = 0,
) -> Message:
    after = (_parse_reason(reference.reason), reference.task_id)
    found = await app.db.read(review_queue.next_case_after, submission.interaction.slack_id, after)
    return review.render_case(found, done, undo) if found else review.render_empty_queue(done)


def _replace_message(app: AppContext, reference: CaseReference, message: Message) -> None:
    if reference.response_url:
        now = app.clock.now()
        app.run_in_background(
            app.sender.replace(reference.response_url, now, message.text, message.blocks)
        )


def _first_case(session: Session, campaign: Campaign | None, reviewer: str) -> ReviewCase | None:
    return review_queue.next_case(session, campaign.id if campaign else None, reviewer)


def _case_position(payload: ActionPayload) -> CaseCursor:
    """Return the case that a button belongs to: its task is the option if it is about another."""
    option = payload.action.option
    return _parse_reason(payload.action.field), int(
        option
    ) if option.isdigit() else payload.action.target_id


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
    inputs = parse_modal_input((*form.message_fields, *form.modal_fields), submission.values, {})
    reason = parse_inputs(submission.values).get(review.DECISION_REASON_KEY) or ""
    decisions.override_answer(session, reference.task_id, inputs, reason, submission.actor)
