"""Adaptive overlap: the answers to one task with their experts' accuracies, and its new overlap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, update
from sqlmodel import Session, col, select

from storage.prepared_statements import PreparedStatement
from storage.queries.progress import is_dataset_task
from storage.tables import Assignment, AssignmentState, Campaign, Membership, Task


class TaskDemand(NamedTuple):
    """The answers that a task wants, and the slots taken."""

    overlap: int
    slots_taken: int


class TaskAnswer(NamedTuple):
    """A complete answer to a task, as its expert saw it; `accuracy` None: not estimated yet."""

    candidate_order: list[int]
    value: dict[str, Any]
    accuracy: float | None


class TaskGroup(NamedTuple):
    """How many answers some tasks want, and how many they have."""

    overlap: int
    answers: int


_LOCK_DEMAND = PreparedStatement(
    select(Task.overlap, Task.slots_taken)
    .where(
        col(Task.id) == bindparam("task"),
        ~col(Task.is_gold),
        col(Task.confirms_assignment_id).is_(None),
    )
    .with_for_update(of=Task)
)


def lock_demand(session: Session, task_id: int) -> TaskDemand | None:
    """Lock a task and return its demand; None for a gold task or a confirmation.

    Two experts who answer at the same time therefore see each other's answer.
    """
    row = _LOCK_DEMAND.first(session, task=task_id)
    return TaskDemand(*row) if row else None


_ANSWERS = PreparedStatement(
    select(Assignment.candidate_order, Assignment.value, Membership.accuracy)
    .join(
        Membership,
        and_(
            col(Membership.campaign_id) == col(Assignment.campaign_id),
            col(Membership.expert_id) == col(Assignment.expert_id),
        ),
        isouter=True,
    )
    .where(
        col(Assignment.task_id) == bindparam("task"),
        Assignment.state == AssignmentState.ANSWERED,
        col(Assignment.complete),
    )
    .order_by(col(Assignment.id))
)


def answers_to(session: Session, task_id: int) -> list[TaskAnswer]:
    """Return the complete answers to a task."""
    return [TaskAnswer(*row) for row in _ANSWERS.rows(session, task=task_id)]


_SET_OVERLAP = PreparedStatement(
    update(Task)
    .where(col(Task.id) == bindparam("task"))
    .values(overlap=bindparam("new_overlap"), needs_rescan=True)
)


def set_overlap(session: Session, task_id: int, overlap: int) -> None:
    """Set how many answers a task wants; experts who are past it look at it again."""
    _SET_OVERLAP.run(session, task=task_id, new_overlap=overlap)


def store_accuracies(session: Session, campaign_id: int, accuracies: Mapping[int, float]) -> None:
    """Store the estimated accuracy of members, by expert id."""
    for expert_id, accuracy in accuracies.items():
        session.connection().execute(
            update(Membership)
            .where(
                col(Membership.campaign_id) == campaign_id, col(Membership.expert_id) == expert_id
            )
            .values(accuracy=accuracy)
        )


def is_adaptive(session: Session, campaign_id: int) -> bool:
    """Return whether the overlap of a campaign is adaptive."""
    query = select(Campaign.max_overlap).where(Campaign.id == campaign_id)
    return session.exec(query).first() is not None


def task_groups(session: Session, campaign_id: int | None) -> dict[int, dict[TaskGroup, int]]:
    """Count the tasks of campaigns with an adaptive overlap, by demand and complete answers."""
    answers = (
        select(Assignment.task_id, func.count().label("answers"))
        .where(Assignment.state == AssignmentState.ANSWERED, col(Assignment.complete))
        .group_by(col(Assignment.task_id))
        .subquery()
    )
    answer_count: Any = func.coalesce(answers.c.answers, 0)
    column: Any = col(Task.campaign_id)
    query = (
        select(column, Task.overlap, answer_count, func.count())
        .join(Campaign, col(Campaign.id) == column)
        .join(answers, answers.c.task_id == col(Task.id), isouter=True)
        .where(col(Campaign.max_overlap).is_not(None), *is_dataset_task())
        .group_by(column, col(Task.overlap), answer_count)
    )
    if campaign_id is not None:
        query = query.where(column == campaign_id)
    groups: dict[int, dict[TaskGroup, int]] = {}
    for campaign, overlap, given, tasks in session.connection().execute(query):
        groups.setdefault(campaign, {})[TaskGroup(overlap, given)] = tasks
    return groups
