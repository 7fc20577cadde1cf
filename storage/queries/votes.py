"""What statistics read: who answered what, without the texts; and how many answers on which day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func
from sqlmodel import Session, col, select

from storage.tables import Annotation, Assignment, AssignmentState, Expert, Item, Task

CHUNK = 2_000
"""Answers in memory at a time."""


class VoteRow(NamedTuple):
    """The current answer of one expert to one task, as they saw it.

    `gold` is the answer known to be right, with the candidates in imported order.
    """

    task_id: int
    expert_id: int
    candidate_order: list[int]
    value: dict[str, Any]
    seconds: int | None
    gold: dict[str, Any] | None


_CAST = (
    select(  # type: ignore[call-overload]  # SQLModel types up to four columns
        Assignment.task_id,
        Assignment.expert_id,
        Assignment.candidate_order,
        Assignment.value,
        Annotation.seconds,
        case((col(Task.is_gold), col(Item.gold))),
    )
    .select_from(Assignment)
    .join(
        Annotation,
        and_(
            col(Annotation.assignment_id) == col(Assignment.id),
            col(Annotation.version) == col(Assignment.version),
        ),
    )
    .join(Task, col(Task.id) == col(Assignment.task_id))
    .join(Item, col(Item.id) == col(Task.item_id))
    .where(
        Assignment.state == AssignmentState.ANSWERED,
        col(Assignment.complete),
        col(Task.confirms).is_(None),
    )
    .order_by(col(Assignment.task_id), col(Assignment.expert_id))
)


def cast(session: Session, campaign_id: int) -> Generator[VoteRow]:
    """Yield the complete answers of a campaign that stand, task by task. Close the generator."""
    chosen = _CAST.where(col(Assignment.campaign_id) == campaign_id)
    options = {"yield_per": CHUNK}
    with session.connection().execute(chosen, execution_options=options) as streamed:
        for chunk in streamed.partitions():
            yield from (VoteRow(*row) for row in chunk)


def count(session: Session, campaign_id: int) -> int:
    """Count the answers of a campaign that stand."""
    counted = (
        select(func.count())
        .select_from(Assignment)
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .where(
            col(Assignment.campaign_id) == campaign_id,
            Assignment.state == AssignmentState.ANSWERED,
            col(Assignment.complete),
            col(Task.confirms).is_(None),
        )
    )
    return session.exec(counted).one()


def by_day(
    session: Session, since: datetime | None = None, campaign_id: int | None = None
) -> dict[int, dict[date, int]]:
    """Count the answers of each campaign, or of one, by day (UTC); those since `since`, or all."""
    day = _day(session)
    chosen = (
        select(col(Assignment.campaign_id), day, func.count())
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .where(Assignment.state == AssignmentState.ANSWERED, ~col(Task.is_gold))
        .group_by(col(Assignment.campaign_id), day)
    )
    if since is not None:
        chosen = chosen.where(col(Assignment.answered_at) >= since)
    if campaign_id is not None:
        chosen = chosen.where(col(Assignment.campaign_id) == campaign_id)
    found: defaultdict[int, dict[date, int]] = defaultdict(dict)
    for campaign, on, answers in session.connection().execute(chosen):
        found[campaign][date.fromisoformat(str(on))] = answers
    return dict(found)


def _day(session: Session) -> ColumnElement[Any]:
    """Return the day of an answer in UTC; PostgreSQL would take the server's zone."""
    moment = col(Assignment.answered_at)
    is_postgresql = session.connection().dialect.name == "postgresql"
    return func.date(func.timezone("UTC", moment) if is_postgresql else moment)


def answering_since(session: Session, since: datetime) -> dict[int, int]:
    """Count by campaign who answered since `since`."""
    column: Any = col(Assignment.campaign_id)
    chosen = (
        select(column, func.count(func.distinct(Assignment.expert_id)))
        .where(Assignment.state == AssignmentState.ANSWERED, col(Assignment.answered_at) >= since)
        .group_by(column)
    )
    return dict(session.connection().execute(chosen).all())


def left_with_less(session: Session) -> dict[int, int]:
    """Count by campaign what would be left to answer if each task wanted one answer less."""
    given = (
        select(Assignment.task_id, func.count().label("answers"))
        .where(Assignment.state == AssignmentState.ANSWERED)
        .group_by(col(Assignment.task_id))
        .subquery()
    )
    left = Task.overlap - 1 - func.coalesce(given.c.answers, 0)
    column: Any = col(Task.campaign_id)
    chosen = (
        select(column, func.sum(case((left > 0, left), else_=0)))
        .join(given, given.c.task_id == col(Task.id), isouter=True)
        .where(~col(Task.is_gold), col(Task.confirms).is_(None))
        .group_by(column)
    )
    return {campaign: int(rest) for campaign, rest in session.connection().execute(chosen)}


def by_name(session: Session, since: datetime) -> list[tuple[str, int]]:
    """Count what each expert answered since `since`, by name or pseudonym, the most first."""
    count: Any = func.count()
    chosen = (
        select(col(Expert.name), col(Expert.pseudonym), count)
        .join(Assignment, col(Assignment.expert_id) == col(Expert.id))
        .where(Assignment.state == AssignmentState.ANSWERED, col(Assignment.answered_at) >= since)
        .group_by(col(Expert.id), col(Expert.name), col(Expert.pseudonym))
        .order_by(count.desc(), col(Expert.id))
    )
    rows = session.connection().execute(chosen)
    return [(name or pseudonym, answers) for name, pseudonym, answers in rows]
