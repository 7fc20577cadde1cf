"""How far campaigns are: a few aggregates, for one campaign or for all at once.

Gold is left aside: it is answered by everybody and wanted from nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Executable, and_, func, true
from sqlmodel import Session, col, select

from storage.queries.confirming import is_final_or_alone
from storage.tables import Assignment, AssignmentState, Expert, Item, Membership, Task


class Wanting(NamedTuple):
    """The tasks of a campaign and the answers they want."""

    tasks: int = 0
    wanted: int = 0


class Gone(NamedTuple):
    """The assignments of a campaign in one state, and the newest answer among them."""

    number: int = 0
    last: datetime | None = None


class ExpertRow(NamedTuple):
    """One member of a campaign's pool."""

    expert_id: int
    slack_id: str
    name: str
    pseudonym: str
    away_since: datetime | None


_OF_ITEMS = (~col(Task.is_gold), col(Task.confirms).is_(None))
"""Tasks that want answers for a dataset: neither gold, nor a second look at an answer."""


def _grouped(session: Session, chosen: Executable) -> Sequence[Any]:
    return session.connection().execute(chosen).all()


def _of(column: ColumnElement[int], campaign_id: int | None) -> ColumnElement[bool]:
    return true() if campaign_id is None else column == campaign_id


def items(session: Session, campaign_id: int | None) -> dict[int, int]:
    """Count items by campaign, gold left out."""
    column: Any = col(Item.campaign_id)
    counted = select(column, func.count()).where(col(Item.gold).is_(None))
    chosen = counted.where(_of(column, campaign_id)).group_by(column)
    return dict(_grouped(session, chosen))


def members(session: Session, campaign_id: int | None) -> dict[int, int]:
    """Count the experts in each campaign's pool."""
    column: Any = col(Membership.campaign_id)
    chosen = select(column, func.count()).where(_of(column, campaign_id)).group_by(column)
    return dict(_grouped(session, chosen))


def wanting(session: Session, campaign_id: int | None) -> dict[int, Wanting]:
    """Count tasks and the answers they want, by campaign, gold left out: nobody waits for it."""
    column: Any = col(Task.campaign_id)
    counted = select(column, func.count(), func.sum(Task.overlap))
    chosen = counted.where(_of(column, campaign_id), *_OF_ITEMS).group_by(column)
    return {found: Wanting(*rest) for found, *rest in _grouped(session, chosen)}


def states(session: Session, campaign_id: int | None) -> dict[tuple[int, str], Gone]:
    """Count assignments by campaign and state, those of gold left out."""
    column: Any = col(Assignment.campaign_id)
    counted = select(column, Assignment.state, func.count(), func.max(Assignment.answered_at))
    chosen = (
        counted.join(Task, col(Task.id) == col(Assignment.task_id))
        .where(_of(column, campaign_id), *_OF_ITEMS)
        .group_by(column, col(Assignment.state))
    )
    return {(found, state): Gone(*rest) for found, state, *rest in _grouped(session, chosen)}


def confirmed(session: Session, campaign_id: int | None) -> dict[int, int]:
    """Count the answers that a second expert confirmed, by campaign."""
    column: Any = col(Assignment.campaign_id)
    counted = select(column, func.count()).join(Task, col(Task.confirms) == col(Assignment.id))
    chosen = counted.where(
        _of(column, campaign_id),
        col(Assignment.state) == AssignmentState.ANSWERED,
        col(Assignment.locked_by).is_not(None),
    )
    return dict(_grouped(session, chosen.group_by(column)))


def finished(session: Session, campaign_id: int | None) -> dict[int, int]:
    """Count the tasks that have all the answers they want, by campaign."""
    column: Any = col(Assignment.campaign_id)
    per_task = (
        select(column, Assignment.task_id, func.count().label("answers"))
        .where(
            col(Assignment.state) == AssignmentState.ANSWERED,
            _of(column, campaign_id),
            is_final_or_alone(),
        )
        .group_by(column, col(Assignment.task_id))
        .subquery()
    )
    enough = and_(
        per_task.c.task_id == col(Task.id),
        per_task.c.answers >= col(Task.overlap),
        *_OF_ITEMS,
    )
    chosen = (
        select(per_task.c.campaign_id, func.count())
        .select_from(per_task)
        .join(Task, enough)
        .group_by(per_task.c.campaign_id)
    )
    return dict(_grouped(session, chosen))


def pool(session: Session, campaign_id: int) -> list[ExpertRow]:
    """Return the members of a campaign's pool, in the order they joined."""
    chosen: Any = (
        select(Expert.id, Expert.slack_id, Expert.name, Expert.pseudonym, Expert.away_since)  # type: ignore[call-overload]  # SQLModel types up to four columns
        .join(Membership, col(Membership.expert_id) == col(Expert.id))
        .where(Membership.campaign_id == campaign_id)
        .order_by(col(Membership.joined_at), col(Expert.id))
    )
    return [ExpertRow(*row) for row in _grouped(session, chosen)]


def by_expert(session: Session, campaign_id: int) -> dict[tuple[int, str], Gone]:
    """Count the assignments of a campaign by expert and state."""
    counted = select(
        Assignment.expert_id, Assignment.state, func.count(), func.max(Assignment.answered_at)
    )
    chosen = counted.where(Assignment.campaign_id == campaign_id).group_by(
        col(Assignment.expert_id), col(Assignment.state)
    )
    return {(expert, state): Gone(*rest) for expert, state, *rest in _grouped(session, chosen)}
