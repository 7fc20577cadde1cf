"""Corrections of a running campaign: answers per item, assignments and answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from fastapi import APIRouter
from sqlmodel import Session

from bot.api.call import AdminCall, Call, ReadCall
from bot.api.models import (
    ExclusionBody,
    Outcome,
    OverlapBody,
    PersonBody,
    ReassignmentBody,
    ReopeningBody,
)
from bot.api.routes.campaigns import CampaignName
from bot.services.actors.actor import Actor
from bot.services.reviews import corrections, exclusions
from bot.services.reviews.corrections import NoAnswerError, OverlapChange, ReassignResult
from bot.services.reviews.exclusions import Exclusion
from storage.tables import Campaign

router = APIRouter()

T = TypeVar("T")


@router.post("/campaigns/{campaign}/corrections/overlap")
def change_overlap(call: AdminCall, campaign: CampaignName, body: OverlapBody) -> OverlapChange:
    """Change how many answers each item needs; items that have more keep them."""
    return _correct(
        call,
        campaign,
        lambda s, row, actor: corrections.change_overlap(s, row, body.overlap, actor),
    )


@router.post("/campaigns/{campaign}/corrections/unassign")
def unassign(call: AdminCall, campaign: CampaignName, body: PersonBody) -> Outcome:
    """Unassign an expert's open tasks; other experts get them."""

    def run(session: Session, row: Campaign, actor: Actor) -> Outcome:
        tasks = corrections.unassign(session, row, body.expert, actor)
        return Outcome(changed=len(tasks))

    return _correct(call, campaign, run)


@router.post("/campaigns/{campaign}/corrections/reassign")
def reassign(call: AdminCall, campaign: CampaignName, body: ReassignmentBody) -> ReassignResult:
    """Assign an expert's open tasks to another expert."""
    return _correct(
        call,
        campaign,
        lambda s, row, actor: corrections.reassign(s, row, body.expert, body.to, actor),
    )


@router.post("/campaigns/{campaign}/corrections/reopen")
def reopen(call: AdminCall, campaign: CampaignName, body: ReopeningBody) -> Outcome:
    """Reopen an answer for its expert."""

    def run(session: Session, row: Campaign, actor: Actor) -> Outcome:
        answer = corrections.answer_of(session, row, body.item, body.expert)
        if answer is None:
            raise NoAnswerError
        corrections.reopen(session, answer, body.reason, actor)
        return Outcome(changed=1)

    return _correct(call, campaign, run)


@router.post("/campaigns/{campaign}/corrections/exclude")
def exclude(call: AdminCall, campaign: CampaignName, body: ExclusionBody) -> Exclusion:
    """Exclude an expert's answers from a time on; other experts are asked instead."""
    return _correct(
        call,
        campaign,
        lambda s, row, actor: exclusions.exclude(
            s, row, body.expert, body.since, body.reason, actor
        ),
    )


@router.post("/campaigns/{campaign}/corrections/include")
def include(call: AdminCall, campaign: CampaignName, body: PersonBody) -> Exclusion:
    """Include excluded answers again."""
    return _correct(
        call, campaign, lambda s, row, actor: exclusions.include(s, row, body.expert, actor)
    )


@router.get("/campaigns/{campaign}/corrections/excluded")
def list_excluded(call: ReadCall, campaign: CampaignName) -> list[Exclusion]:
    """List the experts whose answers are excluded."""
    return call.read(
        lambda session: exclusions.list_exclusions(session, call.campaign(session, campaign))
    )


def _correct(call: Call, campaign: str, correct: Callable[[Session, Campaign, Actor], T]) -> T:
    return call.change(
        lambda session, actor: correct(session, call.campaign(session, campaign, lock=True), actor)
    )
