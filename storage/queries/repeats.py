"""Repeats: pairs that their expert gets again, and both answers to them.

A repeat is a separate task with `is_repeat`, assigned to the expert of the first answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import exists, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.queries.progress import is_dataset_task
from storage.tables import (
    Assignment,
    AssignmentState,
    Campaign,
    Expert,
    Membership,
    Task,
)

HASH_FACTOR, HASH_SIZE = 7919, 1000
"""The share of repeats is the share of remainders of a prime multiple of the assignment id, so that
they follow no pattern that an expert can see."""


MAX_DUE = 500
"""Answers read at once."""


class MirroredAnswer(NamedTuple):
    """The first and the repeated answer of an expert to a pair, each as they saw it.

    Both orders hold the candidates' imported positions; one is the other reversed.
    """

    expert_id: int
    item_id: int
    first_order: list[int]
    first_value: dict[str, Any]
    repeat_order: list[int]
    repeat_value: dict[str, Any]
    first_answered_at: datetime
    repeat_answered_at: datetime


def due_answers(
    session: Session, campaign: Campaign, now: datetime, min_age: timedelta
) -> list[tuple[Assignment, Task]]:
    """Return answers of a campaign to repeat, oldest first, each with its task.

    They are at least `min_age` old, fall into the campaign's share, and have no repeat yet. Their
    experts are members who are not away and have no repeat open.
    """
    repeat, open_repeat, open_assignment = aliased(Task), aliased(Task), aliased(Assignment)
    is_repeated = exists().where(col(repeat.confirms_assignment_id) == col(Assignment.id))
    has_open_repeat = exists().where(
        col(open_assignment.expert_id) == col(Assignment.expert_id),
        col(open_assignment.state).in_((AssignmentState.QUEUED, AssignmentState.DELIVERED)),
        col(open_repeat.id) == col(open_assignment.task_id),
        col(open_repeat.is_repeat),
    )
    is_member = exists().where(
        col(Membership.campaign_id) == col(Assignment.campaign_id),
        col(Membership.expert_id) == col(Assignment.expert_id),
        col(Membership.left_at).is_(None),
    )
    is_available = exists().where(
        col(Expert.id) == col(Assignment.expert_id),
        col(Expert.away_since).is_(None),
        or_(col(Expert.paused_until).is_(None), col(Expert.paused_until) <= now),
    )
    in_share = (col(Assignment.id) * HASH_FACTOR) % HASH_SIZE < round(
        campaign.repeat_share * HASH_SIZE
    )
    query = (
        select(Assignment, Task)
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .where(
            Assignment.campaign_id == campaign.id,
            Assignment.state == AssignmentState.ANSWERED,
            col(Assignment.complete),
            col(Assignment.answered_at) <= now - min_age,
            *is_dataset_task(),
            in_share,
            is_member,
            is_available,
            ~is_repeated,
            ~has_open_repeat,
        )
        .order_by(col(Assignment.answered_at), col(Assignment.id))
        .limit(MAX_DUE)
    )
    return [(row[0], row[1]) for row in session.exec(query)]


def repeated_answers(session: Session, campaign_id: int) -> list[MirroredAnswer]:
    """Return both answers of every repeat of a campaign that is answered, by expert and item."""
    first: Any = aliased(Assignment)
    query: Any = (
        select(  # type: ignore[call-overload]  # SQLModel types up to four columns
            Assignment.expert_id,
            Task.item_id,
            first.candidate_order,
            first.value,
            Assignment.candidate_order,
            Assignment.value,
            first.answered_at,
            Assignment.answered_at,
        )
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(first, first.id == col(Task.confirms_assignment_id))
        .where(
            Assignment.campaign_id == campaign_id,
            col(Task.is_repeat),
            Assignment.state == AssignmentState.ANSWERED,
            col(Assignment.complete),
            first.state == AssignmentState.ANSWERED,
            first.complete,
        )
        .order_by(col(Assignment.expert_id), col(Task.item_id))
    )
    return [MirroredAnswer(*row) for row in session.exec(query)]


def count_repeats(session: Session, campaign_id: int) -> int:
    """Return how many repeats of a campaign are answered."""
    query = (
        select(func.count())
        .select_from(Assignment)
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .where(
            Assignment.campaign_id == campaign_id,
            col(Task.is_repeat),
            Assignment.state == AssignmentState.ANSWERED,
        )
    )
    return session.exec(query).one()
