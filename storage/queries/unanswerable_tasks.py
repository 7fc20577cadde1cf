"""Tasks that were skipped, and which experts can get them no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.tables import (
    Assignment,
    AssignmentState,
    Campaign,
    CampaignState,
    Decision,
    Membership,
    Task,
)

OPEN_STATES = (AssignmentState.QUEUED, AssignmentState.DELIVERED)
REPEATABLE_STATES = (AssignmentState.EXPIRED, AssignmentState.RELEASED)
"""After these, the same expert may get the task again."""

TASKS_PER_QUERY = 500


class SkippedTask(NamedTuple):
    """A task that was skipped, needs more answers, and is assigned to nobody."""

    task_id: int
    campaign_id: int
    audience: str


def skipped_tasks(session: Session) -> list[SkippedTask]:
    """Return the skipped tasks of open campaigns that may wait for ever."""
    memberships = session.exec(
        select(Membership.campaign_id, Membership.expert_id)
        .join(Campaign, col(Campaign.id) == col(Membership.campaign_id))
        .where(Campaign.state == CampaignState.OPEN)
        .order_by(col(Membership.campaign_id))
    ).all()
    return [
        task
        for campaign_id, members in groupby(memberships, key=itemgetter(0))
        for task in _skipped_in_campaign(session, campaign_id, [expert for _, expert in members])
    ]


def _skipped_in_campaign(
    session: Session, campaign_id: int, expert_ids: Sequence[int]
) -> list[SkippedTask]:
    other = aliased(Assignment)
    is_assigned = exists().where(
        col(other.task_id) == col(Task.id), col(other.state).in_(OPEN_STATES)
    )
    query = (
        select(Task.id, Task.campaign_id, Task.audience)
        .join(Assignment, col(Assignment.task_id) == col(Task.id))
        .where(
            # the columns of an index, in order
            Assignment.campaign_id == campaign_id,
            col(Assignment.expert_id).in_(expert_ids),
            Assignment.state == AssignmentState.SKIPPED,
            col(Task.slots_taken) < col(Task.overlap),
            col(Task.on_hold_since).is_(None),
            col(Task.is_gold).is_(False),
            col(Task.is_repeat).is_(False),
            col(Task.practice_attempt).is_(None),
            ~is_assigned,
            ~_is_decided(),
        )
        .distinct()
    )
    return sorted(SkippedTask(*row) for row in session.connection().execute(query))


def _is_decided() -> ColumnElement[bool]:
    """Return a condition: the newest decision about a task was not withdrawn."""
    later = aliased(Decision)
    is_later = col(later.id) > col(Decision.id)
    return exists().where(
        col(Decision.task_id) == col(Task.id),
        col(Decision.value).is_not(None),
        ~exists().where(col(later.task_id) == col(Task.id), is_later),
    )


def members_of(session: Session, campaign_id: int) -> Sequence[int]:
    """Return the ids of the experts who are members of a campaign."""
    query = select(Membership.expert_id).where(
        Membership.campaign_id == campaign_id, col(Membership.left_at).is_(None)
    )
    return session.exec(query).all()


def experts_who_had(session: Session, task_ids: Sequence[int]) -> Mapping[int, AbstractSet[int]]:
    """Return the experts who can get each of these tasks no more.

    They answered or skipped it, or had another task of its item.
    """
    experts = defaultdict[int, set[int]](set)
    sibling = aliased(Task)
    own = (
        select(Task.id, Assignment.expert_id)
        .join(Assignment, col(Assignment.task_id) == col(Task.id))
        .where(col(Assignment.state).not_in(REPEATABLE_STATES))
    )
    of_siblings = (
        select(Task.id, Assignment.expert_id)
        .join(sibling, col(sibling.item_id) == col(Task.item_id))
        .join(Assignment, col(Assignment.task_id) == col(sibling.id))
        .where(col(sibling.id) != col(Task.id))
    )
    confirms = col(sibling.confirms_assignment_id)  # each of the two conditions has an index
    queries = (
        own,
        of_siblings.where(confirms.is_(None)),
        of_siblings.where(confirms.is_not(None)),
    )
    for start in range(0, len(task_ids), TASKS_PER_QUERY):
        are_these = col(Task.id).in_(task_ids[start : start + TASKS_PER_QUERY])
        for query in queries:
            for task_id, expert_id in session.connection().execute(query.where(are_these)):
                experts[task_id].add(expert_id)
    return experts
