"""What somebody answered lately, and bringing one of these answers back to change it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.confirmation import receipt_words
from bot.services import answering, assigning
from bot.services.acting import Click
from bot.services.answering import settings_of
from storage.queries import days, telling
from storage.tables import Assignment, AssignmentState, Campaign, CampaignState

MOST = 5
"""Answers shown: the Home tab is no archive."""


@dataclass(frozen=True, slots=True)
class Recent:
    """One answer: of which campaign, in a few words, when, and whether it can still change."""

    assignment: int
    campaign: str
    words: str
    at: datetime | None
    may_change: bool


def recent(session: Session, expert_id: int) -> list[Recent]:
    """Return the newest answers of an expert that count."""
    found = days.answers(session, expert_id, MOST)
    return [_recent(assignment, campaign) for assignment, campaign in found]


def _recent(assignment: Assignment, campaign: Campaign) -> Recent:
    kind: Kind[Any] = kind_named(campaign.kind)
    words = receipt_words(kind, assignment.value or {}, settings_of(kind, campaign.settings))
    may_change = assignment.locked_by is None and campaign.state != CampaignState.CLOSED
    return Recent(
        assignment.id or 0, campaign.title, words, assignment.answered_at, may_change=may_change
    )


def bring_back(session: Session, assignment_id: int, click: Click) -> None:
    """Bring a task back as a new message with what was answered; that counts until it is changed.

    Raises:
        UnknownTaskError, NotYoursError, ClosedError, LockedError: nothing is brought.
    """
    held = answering.check_changeable(session, assignment_id, click)
    if held.state == AssignmentState.ANSWERED:
        facts = {"assignment": held.id}
        telling.put(session, "recalled", lane=click.person, facts=facts, now=click.at)
    else:
        assigning.ask(session, "task", lane=click.person, facts={"asked": True}, now=click.at)
