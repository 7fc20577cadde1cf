"""Answers to gold questions, and appeals against the verdicts on them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import and_, update
from sqlmodel import Session, col, select

from storage.tables import (
    Assignment,
    AssignmentState,
    Campaign,
    CampaignState,
    Expert,
    GoldAppeal,
    Item,
    Task,
)

MAX_GOLD_ANSWERS = 200
"""Answers to gold questions of one expert that are checked; older ones are not shown."""


class GoldAnswer(NamedTuple):
    """An answer to a gold question, with its item, its campaign and its expert."""

    assignment: Assignment
    item: Item
    campaign: Campaign
    expert: Expert


def _gold_answers() -> Any:  # noqa: ANN401 - a select of four tables
    return (
        select(Assignment, Item, Campaign, Expert)
        .join(Task, and_(col(Task.id) == col(Assignment.task_id)))
        .join(Item, and_(col(Item.id) == col(Task.item_id)))
        .join(Campaign, and_(col(Campaign.id) == col(Assignment.campaign_id)))
        .join(Expert, and_(col(Expert.id) == col(Assignment.expert_id)))
        .where(
            Assignment.state == AssignmentState.ANSWERED,
            col(Assignment.complete),
            col(Task.is_gold),
            col(Task.confirms_assignment_id).is_(None),
        )
    )


def gold_answers_of(session: Session, expert_id: int) -> list[GoldAnswer]:
    """Return an expert's answers to gold questions of campaigns not closed, newest first."""
    query = (
        _gold_answers()
        .where(Assignment.expert_id == expert_id, Campaign.state != CampaignState.CLOSED)
        .order_by(col(Assignment.answered_at).desc(), col(Assignment.id).desc())
        .limit(MAX_GOLD_ANSWERS)
    )
    return [GoldAnswer(*row) for row in session.exec(query)]


def gold_answer_by_id(session: Session, assignment_id: int) -> GoldAnswer | None:
    """Return an answer to a gold question, None if it is not one or does not count."""
    row = session.exec(_gold_answers().where(Assignment.id == assignment_id)).first()
    return GoldAnswer(*row) if row else None


def appeals_of(session: Session, assignment_ids: Collection[int]) -> dict[int, GoldAppeal]:
    """Return the appeals about these answers, by assignment."""
    query = select(GoldAppeal).where(col(GoldAppeal.assignment_id).in_(assignment_ids))
    return {appeal.assignment_id: appeal for appeal in session.exec(query)}


def finalize_answers(session: Session, assignment_ids: Collection[int], finalized_by: str) -> None:
    """Make answers final that are not yet."""
    statement = update(Assignment).where(
        col(Assignment.id).in_(assignment_ids), col(Assignment.finalized_by).is_(None)
    )
    session.connection().execute(statement.values(finalized_by=finalized_by))


def locked_appeal(session: Session, appeal_id: int) -> GoldAppeal | None:
    """Return an appeal, locked until the transaction ends."""
    return session.get(GoldAppeal, appeal_id, with_for_update=True)


def locked_item(session: Session, item_id: int) -> Item:
    """Return an item, locked until the transaction ends."""
    return session.get_one(Item, item_id, with_for_update=True)
