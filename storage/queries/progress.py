"""How far campaigns are: a few aggregates, for one campaign or for all at once.

Gold is left aside: it is answered by everybody and wanted from nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Executable, and_, func, true
from sqlmodel import Session, col, select

from storage.queries.confirmation import is_final
from storage.tables import Assignment, AssignmentState, Expert, Item, Membership, Task


class AnswerDemand(NamedTuple):
    """The tasks of a campaign and the answers they want."""

    tasks: int = 0
    answers_wanted: int = 0


class StateCount(NamedTuple):
    """The assignments of a campaign in one state, and the newest answer among them."""

    number: int = 0
    last_answered_at: datetime | None = None


class MemberRow(NamedTuple):
    """One member of a campaign's pool."""

    expert_id: int
    slack_id: str
    name: str
    pseudonym: str
    away_since: datetime | None


_IS_DATASET_TASK = (~col(Task.is_gold), col(Task.confirms_assignment_id).is_(None))
"""Tasks that want answers for a dataset: neither gold, nor a second look at an answer."""


def _fetch_all(session: Session, query: Executable) -> Sequence[Any]:
    return session.connection().execute(query).all()


def _in_campaign(column: ColumnElement[int], campaign_id: int | None) -> ColumnElement[bool]:
    return true() if campaign_id is None else column == campaign_id


def item_counts(session: Session, campaign_id: int | None) -> dict[int, int]:
    """Count items by campaign, gold left out."""
    column: Any = col(Item.campaign_id)
    counted = select(column, func.count()).where(col(Item.gold).is_(None))
    query = counted.where(_in_campaign(column, campaign_id)).group_by(column)
    return dict(_fetch_all(session, query))


def member_counts(session: Session, campaign_id: int | None) -> dict[int, int]:
    """Count the experts in each campaign's pool."""
    column: Any = col(Membership.campaign_id)
    query = select(column, func.count()).where(_in_campaign(column, campaign_id)).group_by(column)
    return dict(_fetch_all(session, query))


def answer_demand(session: Session, campaign_id: int | None) -> dict[int, AnswerDemand]:
    """Count tasks and the answers they want, by campaign, gold left out: nobody waits for it."""
    column: Any = col(Task.campaign_id)
    counted = select(column, func.count(), func.sum(Task.overlap))
    query = counted.where(_in_campaign(column, campaign_id), *_IS_DATASET_TASK).group_by(column)
    return {found: AnswerDemand(*rest) for found, *rest in _fetch_all(session, query)}


def counts_by_state(session: Session, campaign_id: int | None) -> dict[tuple[int, str], StateCount]:
    """Count assignments by campaign and state, those of gold left out."""
    column: Any = col(Assignment.campaign_id)
    counted = select(column, Assignment.state, func.count(), func.max(Assignment.answered_at))
    query = (
        counted.join(Task, col(Task.id) == col(Assignment.task_id))
        .where(_in_campaign(column, campaign_id), *_IS_DATASET_TASK)
        .group_by(column, col(Assignment.state))
    )
    return {(found, state): StateCount(*rest) for found, state, *rest in _fetch_all(session, query)}


def confirmed_counts(session: Session, campaign_id: int | None) -> dict[int, int]:
    """Count the answers that a second expert confirmed, by campaign."""
    column: Any = col(Assignment.campaign_id)
    counted = select(column, func.count()).join(
        Task, col(Task.confirms_assignment_id) == col(Assignment.id)
    )
    query = counted.where(
        _in_campaign(column, campaign_id),
        col(Assignment.state) == AssignmentState.ANSWERED,
        col(Assignment.finalized_by).is_not(None),
    )
    return dict(_fetch_all(session, query.group_by(column)))


def finished_task_counts(session: Session, campaign_id: int | None) -> dict[int, int]:
    """Count the tasks that have all the answers they want, by campaign."""
    column: Any = col(Assignment.campaign_id)
    per_task = (
        select(column, Assignment.task_id, func.count().label("answers"))
        .where(
            col(Assignment.state) == AssignmentState.ANSWERED,
            _in_campaign(column, campaign_id),
            is_final(),
        )
        .group_by(column, col(Assignment.task_id))
        .subquery()
    )
    enough = and_(
        per_task.c.task_id == col(Task.id),
        per_task.c.answers >= col(Task.overlap),
        *_IS_DATASET_TASK,
    )
    query = (
        select(per_task.c.campaign_id, func.count())
        .select_from(per_task)
        .join(Task, enough)
        .group_by(per_task.c.campaign_id)
    )
    return dict(_fetch_all(session, query))


def campaign_members(session: Session, campaign_id: int) -> list[MemberRow]:
    """Return the members of a campaign's pool, in the order they joined."""
    query: Any = (
        select(Expert.id, Expert.slack_id, Expert.name, Expert.pseudonym, Expert.away_since)  # type: ignore[call-overload]  # SQLModel types up to four columns
        .join(Membership, col(Membership.expert_id) == col(Expert.id))
        .where(Membership.campaign_id == campaign_id)
        .order_by(col(Membership.joined_at), col(Expert.id))
    )
    return [MemberRow(*row) for row in _fetch_all(session, query)]


def counts_by_expert(session: Session, campaign_id: int) -> dict[tuple[int, str], StateCount]:
    """Count the assignments of a campaign by expert and state."""
    counted = select(
        Assignment.expert_id, Assignment.state, func.count(), func.max(Assignment.answered_at)
    )
    query = counted.where(Assignment.campaign_id == campaign_id).group_by(
        col(Assignment.expert_id), col(Assignment.state)
    )
    return {
        (expert, state): StateCount(*rest) for expert, state, *rest in _fetch_all(session, query)
    }
