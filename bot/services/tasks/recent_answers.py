"""Recent answers of an expert, and reopening one of them for changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.confirmation import summarize_answer
from bot.messages.tasks import NewTaskMessage, RecentAnswerMessage
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.answers.campaign_settings import settings_of
from bot.services.assignments import assign
from bot.services.items.mapping import content_of
from storage.queries import expert_activity, outbox, tasks
from storage.row_id import id_of
from storage.tables import Assignment, AssignmentState, Campaign, CampaignState

MAX_RECENT_ANSWERS = 5
"""Answers listed on the Home tab."""


@dataclass(frozen=True, slots=True)
class RecentAnswer:
    """Summary of one answer, the opening of its item, and whether it can still be changed."""

    assignment_id: int
    campaign: str
    summary: str
    item: str
    answered_at: datetime | None
    can_change: bool


def list_recent_answers(session: Session, expert_id: int) -> list[RecentAnswer]:
    """Return the most recent current answers of an expert, newest first."""
    answers = expert_activity.recent_answers(session, expert_id, MAX_RECENT_ANSWERS)
    return [_build_recent_answer(session, *answer) for answer in answers]


def _build_recent_answer(
    session: Session, assignment: Assignment, campaign: Campaign
) -> RecentAnswer:
    kind: Kind[Any] = kind_named(campaign.kind)
    summary = summarize_answer(kind, assignment.value or {}, settings_of(kind, campaign.settings))
    return RecentAnswer(
        id_of(assignment),
        campaign.title,
        summary,
        content_of(tasks.item_of(session, assignment.task_id)).opening,
        assignment.answered_at,
        can_change=assignment.finalized_by is None and campaign.state != CampaignState.CLOSED,
    )


def show_recent_answer(session: Session, assignment_id: int, interaction: Interaction) -> None:
    """Queue a new message with an answered task; the answer counts until it is changed.

    If the answer was undone in the meantime, the next task is sent instead.

    Raises:
        UnknownTaskError, NotAssigneeError, AnswerAfterCloseError, FinalAnswerError: no message is
            queued.
    """
    assignment = submit.require_changeable(session, assignment_id, interaction)
    if assignment.state == AssignmentState.ANSWERED:
        message = RecentAnswerMessage(assignment.id)
        outbox.enqueue(session, message, recipient=interaction.slack_id, now=interaction.at)
    else:
        assign.request_next_task(
            session,
            NewTaskMessage(is_requested=True),
            recipient=interaction.slack_id,
            now=interaction.at,
        )
