"""Tasks that were skipped and that no member of their campaign can answer any more."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.row_id import require_id
from storage.tables import (
    Assignment,
    AssignmentState,
    Campaign,
    CampaignState,
    Decision,
    Expert,
    Membership,
    Task,
)

OPEN_STATES = (AssignmentState.QUEUED, AssignmentState.DELIVERED)
REPEATABLE_STATES = (AssignmentState.EXPIRED, AssignmentState.RELEASED)
"""After these, the same expert may get the task again."""


def _is_waiting() -> ColumnElement[bool]:
    """Return a condition: a task was skipped, wants more answers, and nobody has it now."""
    mine = col(Assignment.task_id) == col(Task.id)
    return (
        (col(Task.slots_taken) < col(Task.overlap))
        & col(Task.on_hold_since).is_(None)
        & col(Task.is_gold).is_(False)
        & exists().where(mine, col(Assignment.state) == AssignmentState.SKIPPED)
        & ~exists().where(mine, col(Assignment.state).in_(OPEN_STATES))
        & ~_is_decided()
    )


def _is_decided() -> ColumnElement[bool]:
    """Return a condition: the newest decision about a task was not withdrawn."""
    later = aliased(Decision)
    is_later = col(later.id) > col(Decision.id)
    return exists().where(
        col(Decision.task_id) == col(Task.id),
        col(Decision.value).is_not(None),
        ~exists().where(col(later.task_id) == col(Task.id), is_later),
    )


def skipped_audiences(session: Session) -> list[tuple[int, str]]:
    """Return the campaigns and audiences of the waiting tasks of open campaigns."""
    # From the members to their skips: the index has campaign, expert and state.
    skipped = (
        select(Assignment.task_id)
        .join(
            Membership,
            (col(Membership.campaign_id) == col(Assignment.campaign_id))
            & (col(Membership.expert_id) == col(Assignment.expert_id)),
        )
        .join(Campaign, col(Campaign.id) == col(Membership.campaign_id))
        .where(Assignment.state == AssignmentState.SKIPPED, Campaign.state == CampaignState.OPEN)
    )
    query = select(Task.campaign_id, Task.audience).where(col(Task.id).in_(skipped), _is_waiting())
    return list(session.exec(query.distinct()).all())


def members_of(session: Session, campaign_id: int) -> Sequence[int]:
    """Return the ids of the experts who are members of a campaign."""
    query = select(Membership.expert_id).where(
        Membership.campaign_id == campaign_id, col(Membership.left_at).is_(None)
    )
    return session.exec(query).all()


def tasks_without_experts(
    session: Session, campaign_id: int, audience: str, expert_ids: Collection[int]
) -> list[int]:
    """Return the waiting tasks of an audience that none of these experts can get any more.

    An expert who answered or skipped a task does not get it again, nor another task of its item.
    """
    sibling = aliased(Task)
    had_it = exists().where(
        col(sibling.item_id) == col(Task.item_id),
        col(Assignment.task_id) == col(sibling.id),
        col(Assignment.expert_id) == col(Expert.id),
        or_(col(sibling.id) != col(Task.id), col(Assignment.state).not_in(REPEATABLE_STATES)),
    )
    can_get_it = exists().where(col(Expert.id).in_(expert_ids), ~had_it)
    query = select(Task.id).where(
        Task.campaign_id == campaign_id, Task.audience == audience, _is_waiting(), ~can_get_it
    )
    return [require_id(task_id) for task_id in session.exec(query)]
