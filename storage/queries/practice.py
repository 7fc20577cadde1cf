"""Practice questions: gold items that an expert answers before the first task of a campaign.

Each is a separate task with `practice_attempt`, for one expert. It refers to its own assignment
in `confirms_assignment_id`, so that every query that leaves out confirmations leaves it out.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import and_, case, exists, func, or_, update
from sqlmodel import Session, col, select

from storage.queries.task_selection import TaskSeeker, TaskSlot
from storage.row_id import id_of
from storage.tables import (
    Assignment,
    Campaign,
    CampaignState,
    CandidateRow,
    Expert,
    Item,
    Membership,
    Task,
)

UNASSIGNED = 0
"""Value of `confirms_assignment_id` until the question has its assignment, in one transaction."""


class PracticeAnswer(NamedTuple):
    """A practice question that an expert had, with their answer as they saw the candidates.

    `gold` is the right answer with the candidates in imported order. `finalized_by` is set once
    the question is answered or skipped.
    """

    assignment_id: int
    attempt: int
    item_id: int
    state: str
    candidate_order: list[int]
    value: dict[str, Any] | None
    finalized_by: str | None
    gold: dict[str, Any]
    meta: dict[str, Any]


class PracticeCounts(NamedTuple):
    """How many members of a campaign have passed its practice, failed it, and still practice."""

    passed: int = 0
    failed: int = 0
    in_practice: int = 0


class PracticeMember(NamedTuple):
    """A member of a campaign with practice."""

    membership: Membership
    campaign: Campaign
    expert: Expert


def gold_tasks(session: Session, seeker: TaskSeeker, campaign_id: int) -> list[TaskSlot]:
    """Return a campaign's gold tasks that the expert wrote no part of, oldest first."""
    names = (seeker.slack_id, seeker.pseudonym)
    wrote_candidate = exists().where(
        col(CandidateRow.item_id) == col(Task.item_id), col(CandidateRow.author).in_(names)
    )
    query: Any = (
        select(Task.id, Task.item_id, Task.audience, Task.confirms_assignment_id)
        .join(Item, col(Item.id) == col(Task.item_id))
        .where(
            Task.campaign_id == campaign_id,
            col(Task.is_gold),
            col(Task.has_text),
            ~col(Task.is_deleted),
            col(Task.on_hold_since).is_(None),
            or_(col(Item.author).is_(None), col(Item.author).not_in(names)),
            ~wrote_candidate,
        )
        .order_by(col(Task.id))
    )
    return [TaskSlot(*row) for row in session.exec(query)]


def answers_of(session: Session, campaign_id: int, expert_id: int) -> list[PracticeAnswer]:
    """Return the practice questions that an expert had in a campaign, in order."""
    query: Any = (
        select(  # type: ignore[call-overload, misc]  # SQLModel types up to four columns
            Assignment.id,
            Task.practice_attempt,
            Task.item_id,
            Assignment.state,
            Assignment.candidate_order,
            Assignment.value,
            Assignment.finalized_by,
            Item.gold,
            Item.meta,
        )
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Item, col(Item.id) == col(Task.item_id))
        .where(
            Assignment.campaign_id == campaign_id,
            Assignment.expert_id == expert_id,
            col(Task.practice_attempt).is_not(None),
            ~col(Task.is_deleted),
        )
        .order_by(col(Task.id))
    )
    return [PracticeAnswer(*row) for row in session.exec(query)]


def add_question(session: Session, campaign_id: int, gold: TaskSlot, attempt: int) -> TaskSlot:
    """Add the task of a practice question about a gold item; `link_question` completes it."""
    task = Task(
        campaign_id=campaign_id,
        item_id=gold.item_id,
        overlap=1,
        audience=gold.audience,
        practice_attempt=attempt,
        confirms_assignment_id=UNASSIGNED,
    )
    session.add(task)
    session.flush()
    return TaskSlot(id_of(task), gold.item_id, gold.audience, None)


def link_question(session: Session, task_id: int, assignment_id: int) -> None:
    """Make the task of a practice question refer to its assignment."""
    statement = update(Task).where(col(Task.id) == task_id)
    session.connection().execute(statement.values(confirms_assignment_id=assignment_id))


def locked_membership(session: Session, campaign_id: int, expert_id: int) -> Membership | None:
    """Return a membership, locked until the transaction ends; None if there is none."""
    return session.get(
        Membership, (campaign_id, expert_id), with_for_update=True, populate_existing=True
    )


def count_members(session: Session, campaign_id: int | None) -> dict[int, PracticeCounts]:
    """Return the counts of each campaign with practice, of one or of all."""
    has_passed = col(Membership.qualified_at).is_not(None)
    has_failed = and_(
        ~has_passed, col(Membership.practice_failures) >= col(Campaign.practice_attempts)
    )
    query: Any = (
        select(
            Campaign.id,
            func.sum(case((has_passed, 1), else_=0)),
            func.sum(case((has_failed, 1), else_=0)),
            func.count(),
        )
        .join(Membership, col(Membership.campaign_id) == col(Campaign.id))
        .where(col(Campaign.practice_questions) > 0, col(Membership.left_at).is_(None))
        .group_by(col(Campaign.id))
    )
    if campaign_id is not None:
        query = query.where(col(Campaign.id) == campaign_id)
    return {
        campaign: PracticeCounts(passed, failed, members - passed - failed)
        for campaign, passed, failed, members in session.connection().execute(query)
    }


_HAS_FAILED = (
    col(Campaign.practice_questions) > 0,
    Campaign.state != CampaignState.CLOSED,
    col(Membership.qualified_at).is_(None),
    col(Membership.left_at).is_(None),
    col(Membership.practice_failures) >= col(Campaign.practice_attempts),
    col(Membership.practice_reported_at).is_(None),
)


def unreported_failures(session: Session) -> list[PracticeMember]:
    """Return the members who failed and of whom no coordinator was told, locked."""
    query = (
        select(Membership, Campaign, Expert)
        .join(Campaign, and_(col(Campaign.id) == col(Membership.campaign_id)))
        .join(Expert, and_(col(Expert.id) == col(Membership.expert_id)))
        .where(*_HAS_FAILED)
        .order_by(col(Membership.campaign_id), col(Membership.expert_id))
        .with_for_update(of=Membership)
    )
    return [PracticeMember(*row) for row in session.exec(query)]


def has_unreported_failure(session: Session) -> bool:
    """Return whether a member failed and no coordinator was told."""
    query = (
        select(Membership.expert_id)
        .join(Campaign, and_(col(Campaign.id) == col(Membership.campaign_id)))
        .where(*_HAS_FAILED)
        .limit(1)
    )
    return session.exec(query).first() is not None


def practicing_members(session: Session, campaign_id: int) -> list[PracticeMember]:
    """Return the current members of a campaign who have not passed its practice, locked."""
    query = (
        select(Membership, Campaign, Expert)
        .join(Campaign, and_(col(Campaign.id) == col(Membership.campaign_id)))
        .join(Expert, and_(col(Expert.id) == col(Membership.expert_id)))
        .where(
            Membership.campaign_id == campaign_id,
            col(Membership.left_at).is_(None),
            col(Membership.qualified_at).is_(None),
        )
        .order_by(col(Membership.expert_id))
        .with_for_update(of=Membership)
    )
    rows = session.exec(query.execution_options(populate_existing=True)).all()
    return [PracticeMember(*row) for row in rows]


def member_of(session: Session, campaign_id: int, slack_id: str) -> PracticeMember | None:
    """Return a current member of a campaign, None if the person is none."""
    query = (
        select(Membership, Campaign, Expert)
        .join(Campaign, and_(col(Campaign.id) == col(Membership.campaign_id)))
        .join(Expert, and_(col(Expert.id) == col(Membership.expert_id)))
        .where(
            Membership.campaign_id == campaign_id,
            Expert.slack_id == slack_id,
            col(Membership.left_at).is_(None),
        )
    )
    row = session.exec(query.execution_options(populate_existing=True)).first()
    return PracticeMember(*row) if row else None
