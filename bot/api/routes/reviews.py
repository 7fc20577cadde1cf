"""Reviews: cases that need a decision, and the decisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic_core import to_jsonable_python
from sqlmodel import Session

from bot.api.call import AdminCall, Call, ReadCall
from bot.api.models import DecisionBody, Outcome, ReasonBody
from bot.api.pages import MAX_POSITION, Limit
from bot.api.routes.campaigns import CampaignName
from bot.services.actors.actor import Actor
from bot.services.reviews import decisions, review_case, review_queue
from bot.services.reviews.case_document import case_document
from bot.services.reviews.decided_cases import DecidedCase, list_decided
from bot.services.reviews.review_case import NoReviewCaseError, ReviewReason
from storage.queries.corrections import campaign_id_of_answer, campaign_id_of_task
from storage.row_id import id_of

router = APIRouter()

TaskNumber = Annotated[int, Path(ge=1, le=MAX_POSITION, description="Number of the task.")]
AnswerNumber = Annotated[int, Path(ge=1, le=MAX_POSITION, description="Number of the answer.")]


@router.get("/campaigns/{campaign}/reviews")
def list_cases(call: ReadCall, campaign: CampaignName, limit: Limit = 50) -> list[dict[str, Any]]:
    """List cases that need a decision, the most urgent first, with the answers but no names."""

    def load(session: Session) -> list[dict[str, Any]]:
        row = call.campaign(session, campaign)
        cases = review_queue.list_cases(session, id_of(row), call.holder.name, limit)
        return [
            {"review_reason": case.reason, **to_jsonable_python(case_document(case))}
            for case in cases
        ]

    return call.read(load)


@router.get("/campaigns/{campaign}/reviews/{task}")
def get_case(call: ReadCall, campaign: CampaignName, task: TaskNumber) -> dict[str, Any]:
    """Return a task with its full text and its answers."""

    def load(session: Session) -> dict[str, Any]:
        _require_task(call, session, campaign, task)
        case = review_case.case_of(session, task, ReviewReason.SAMPLED)
        return dict(to_jsonable_python(case_document(case)))

    return call.read(load)


@router.get("/campaigns/{campaign}/decisions")
def list_decisions(call: ReadCall, campaign: CampaignName, limit: Limit = 50) -> list[DecidedCase]:
    """List the newest decisions that were not undone."""

    def load(session: Session) -> list[DecidedCase]:
        return list_decided(session, id_of(call.campaign(session, campaign)), limit)

    return call.read(load)


@router.post("/campaigns/{campaign}/reviews/{task}/decide")
def decide(
    call: AdminCall, campaign: CampaignName, task: TaskNumber, body: DecisionBody
) -> Outcome:
    """Decide with an answer of your own."""

    def run(session: Session, actor: Actor) -> object:
        return decisions.override_answer(session, task, body.fields, body.reason, actor)

    return _decide(call, campaign, task, run)


@router.post("/campaigns/{campaign}/reviews/{task}/keep")
def keep(call: AdminCall, campaign: CampaignName, task: TaskNumber) -> Outcome:
    """Keep the answers as they are."""
    return _decide(call, campaign, task, lambda s, actor: decisions.keep_as_is(s, task, actor))


@router.post("/campaigns/{campaign}/reviews/{task}/send-back")
def send_back(
    call: AdminCall, campaign: CampaignName, task: TaskNumber, body: ReasonBody
) -> Outcome:
    """Ask the experts to answer again; they see the reason."""
    return _decide(
        call, campaign, task, lambda s, actor: decisions.send_back(s, task, body.reason, actor)
    )


@router.post("/campaigns/{campaign}/reviews/{task}/return-to-queue")
def return_to_queue(call: AdminCall, campaign: CampaignName, task: TaskNumber) -> Outcome:
    """Return a task that is on hold to the queue."""
    return _decide(call, campaign, task, lambda s, actor: decisions.return_to_queue(s, task, actor))


@router.post("/campaigns/{campaign}/reviews/{task}/undo")
def undo(call: AdminCall, campaign: CampaignName, task: TaskNumber) -> Outcome:
    """Undo a decision."""
    return _decide(call, campaign, task, lambda s, actor: decisions.undo_decision(s, task, actor))


@router.post("/campaigns/{campaign}/answers/{answer}/accept")
def accept(call: AdminCall, campaign: CampaignName, answer: AnswerNumber) -> Outcome:
    """Accept one of the experts' answers as the decision about its item."""

    def run(session: Session, actor: Actor) -> Outcome:
        row = call.campaign(session, campaign)
        if campaign_id_of_answer(session, answer) != id_of(row):
            raise NoReviewCaseError
        decisions.accept_answer(session, answer, actor)
        return Outcome(changed=1)

    return call.change(run)


def _decide(
    call: Call, campaign: str, task: int, decision: Callable[[Session, Actor], object]
) -> Outcome:
    def run(session: Session, actor: Actor) -> Outcome:
        _require_task(call, session, campaign, task)
        result = decision(session, actor)
        return Outcome(changed=result if isinstance(result, int) else 1)

    return call.change(run)


def _require_task(call: Call, session: Session, campaign: str, task: int) -> None:
    row = call.campaign(session, campaign)
    if campaign_id_of_task(session, task) != id_of(row):
        raise NoReviewCaseError
