"""Progress of campaigns in a few aggregates, for one campaign or for all at once.

Gold tasks are left out: every expert answers them, and no dataset needs them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Executable, and_, func, literal, not_, true
from sqlmodel import Session, col, select

from storage.queries.confirmation import is_final
from storage.tables import (
    Annotation,
    Assignment,
    AssignmentState,
    Campaign,
    Expert,
    Item,
    Membership,
    Task,
)


class AnswerDemand(NamedTuple):
    """The tasks of a campaign and the answers they need."""

    tasks: int = 0
    answers_needed: int = 0


class StateCount(NamedTuple):
    """The number of assignments in one state, and the newest answer among them."""

    assignments: int = 0
    last_answered_at: datetime | None = None


class MemberRow(NamedTuple):
    """A member of a campaign."""

    expert_id: int
    slack_id: str
    name: str
    pseudonym: str
    away_since: datetime | None


def is_dataset_task() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return conditions: a task needs answers for a dataset.

    It is neither gold nor a confirmation, and its item is not deleted.
    """
    is_wanted = and_(~col(Task.is_gold), ~col(Task.is_deleted))
    return is_wanted, col(Task.confirms_assignment_id).is_(None)


def _fetch_all(session: Session, query: Executable) -> Sequence[Any]:
    return session.connection().execute(query).all()


def _in_campaign(column: ColumnElement[int], campaign_id: int | None) -> ColumnElement[bool]:
    return true() if campaign_id is None else column == campaign_id


def item_counts(session: Session, campaign_id: int | None) -> dict[int, int]:
    """Return the number of items by campaign, without gold."""
    column: Any = col(Item.campaign_id)
    counts = select(column, func.count()).where(
        col(Item.gold).is_(None), col(Item.deleted_at).is_(None)
    )
    query = counts.where(_in_campaign(column, campaign_id)).group_by(column)
    return dict(_fetch_all(session, query))


def gold_item_counts(session: Session, campaign_id: int | None) -> dict[int, int]:
    """Return the number of gold items by campaign with practice."""
    column: Any = col(Item.campaign_id)
    with_practice = select(Campaign.id).where(col(Campaign.practice_questions) > 0)
    query = select(column, func.count()).where(
        col(Item.gold).is_not(None), column.in_(with_practice), _in_campaign(column, campaign_id)
    )
    return dict(_fetch_all(session, query.group_by(column)))


def member_counts(session: Session, campaign_id: int | None) -> dict[int, int]:
    """Return the number of members by campaign."""
    column: Any = col(Membership.campaign_id)
    query = select(column, func.count()).where(_in_campaign(column, campaign_id)).group_by(column)
    return dict(_fetch_all(session, query))


def answer_demand(session: Session, campaign_id: int | None) -> dict[int, AnswerDemand]:
    """Return the tasks and the answers they need by campaign, without gold."""
    column: Any = col(Task.campaign_id)
    counts = select(column, func.count(), func.sum(Task.overlap))
    query = counts.where(_in_campaign(column, campaign_id), *is_dataset_task()).group_by(column)
    return {campaign: AnswerDemand(*rest) for campaign, *rest in _fetch_all(session, query)}


def counts_by_state(session: Session, campaign_id: int | None) -> dict[tuple[int, str], StateCount]:
    """Count assignments by campaign and state, without gold, with the newest answer.

    All are counted in an index, and the few of other tasks are subtracted. To look up the task of
    each takes six times as long.
    """
    column: Any = col(Assignment.campaign_id)
    counts = select(column, Assignment.state, func.count()).where(_in_campaign(column, campaign_id))
    every = counts.group_by(column, col(Assignment.state))
    found = Counter({(row[0], row[1]): row[2] for row in _fetch_all(session, every)})
    others = _fetch_all(session, every.where(_is_of_other_task()))
    found.subtract({(row[0], row[1]): row[2] for row in others})
    newest = _newest_answers(session, campaign_id)
    return {
        (campaign, state): StateCount(
            count, newest.get(campaign) if state == AssignmentState.ANSWERED else None
        )
        for (campaign, state), count in found.items()
        if count > 0
    }


def _is_of_other_task() -> ColumnElement[bool]:
    """Return a condition: an assignment is of a task that needs no answers for a dataset."""
    others = select(Task.id).where(not_(and_(*is_dataset_task())))
    return col(Assignment.task_id).in_(others)


def _newest_answers(session: Session, campaign_id: int | None) -> dict[int, datetime]:
    """Return when the newest answer of each campaign was given, without gold."""
    column: Any = col(Assignment.campaign_id)
    shown: Any = column if campaign_id is None else literal(campaign_id)
    query = select(shown, func.max(Assignment.answered_at)).where(
        col(Assignment.state) == AssignmentState.ANSWERED,
        _in_campaign(column, campaign_id),
        not_(_is_of_other_task()),
    )
    return dict(_fetch_all(session, query.group_by(column) if campaign_id is None else query))


def count_answers(session: Session, campaign_id: int) -> int:
    """Return the answers of a campaign that count: neither gold nor excluded."""
    counts = counts_by_state(session, campaign_id)
    return counts.get((campaign_id, AssignmentState.ANSWERED), StateCount()).assignments


def confirmed_counts(session: Session, campaign_id: int | None) -> dict[int, int]:
    """Return the number of answers that a second expert has confirmed, by campaign."""
    column: Any = col(Assignment.campaign_id)
    counts = select(column, func.count()).join(
        Task, col(Task.confirms_assignment_id) == col(Assignment.id)
    )
    query = counts.where(
        _in_campaign(column, campaign_id),
        col(Assignment.state) == AssignmentState.ANSWERED,
        col(Assignment.finalized_by).is_not(None),
        col(Task.practice_attempt).is_(None),
    )
    return dict(_fetch_all(session, query.group_by(column)))


def finished_task_counts(session: Session, campaign_id: int | None) -> dict[int, int]:
    """Return the number of tasks that have all the answers they need, by campaign."""
    column: Any = col(Assignment.campaign_id)
    answers_by_task = (
        select(column, Assignment.task_id, func.count().label("answers"))
        .where(
            col(Assignment.state) == AssignmentState.ANSWERED,
            _in_campaign(column, campaign_id),
            is_final(),
        )
        .group_by(column, col(Assignment.task_id))
        .subquery()
    )
    is_finished = and_(
        answers_by_task.c.task_id == col(Task.id),
        answers_by_task.c.answers >= col(Task.overlap),
        *is_dataset_task(),
    )
    query = (
        select(answers_by_task.c.campaign_id, func.count())
        .select_from(answers_by_task)
        .join(Task, is_finished)
        .group_by(answers_by_task.c.campaign_id)
    )
    return dict(_fetch_all(session, query))


def campaign_members(session: Session, campaign_id: int) -> list[MemberRow]:
    """Return the members of a campaign, in the order they joined."""
    query: Any = (
        select(Expert.id, Expert.slack_id, Expert.name, Expert.pseudonym, Expert.away_since)  # type: ignore[call-overload]  # SQLModel types up to four columns
        .join(Membership, col(Membership.expert_id) == col(Expert.id))
        .where(Membership.campaign_id == campaign_id)
        .order_by(col(Membership.joined_at), col(Expert.id))
    )
    return [MemberRow(*row) for row in _fetch_all(session, query)]


def counts_by_expert(session: Session, campaign_id: int) -> dict[tuple[int, str], StateCount]:
    """Count the assignments of a campaign by expert and state, without practice."""
    counts = select(
        Assignment.expert_id, Assignment.state, func.count(), func.max(Assignment.answered_at)
    )
    query = (
        counts.join(Task, col(Task.id) == col(Assignment.task_id))
        .where(Assignment.campaign_id == campaign_id, col(Task.practice_attempt).is_(None))
        .group_by(col(Assignment.expert_id), col(Assignment.state))
    )
    return {
        (expert, state): StateCount(*rest) for expert, state, *rest in _fetch_all(session, query)
    }


def stored_answer_counts(session: Session) -> dict[str, int]:
    """Return the number of current, complete annotations by campaign name, also of gold tasks."""
    query = (
        select(Campaign.name, func.count())
        .join(Assignment, col(Assignment.campaign_id) == col(Campaign.id))
        .join(Annotation, col(Annotation.assignment_id) == col(Assignment.id))
        .where(col(Annotation.version) == col(Assignment.version), col(Annotation.complete))
        .group_by(col(Campaign.name))
    )
    return dict(session.exec(query).all())
