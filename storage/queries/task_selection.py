"""Tasks that an expert can get. Each statement reads the tasks of one audience, by an index.

The caller decides once per audience whether its domains and language suit the expert. The
statements here decide about single tasks: the expert has never had the item and wrote no part of
it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, literal_column, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.prepared_statements import PreparedStatement
from storage.queries.task_routing import OpenMembership
from storage.tables import Assignment, CandidateRow, Item, Task


class TaskSeeker(NamedTuple):
    """An expert who needs a task, with the names under which they may be an author."""

    expert_id: int
    slack_id: str
    pseudonym: str


class TaskSlot(NamedTuple):
    """A free slot of a task; `confirms_assignment_id` is the answer it confirms, if any."""

    task_id: int
    item_id: int
    audience: str
    confirms_assignment_id: int | None


_HAS_FREE_SLOT = and_(
    col(Task.campaign_id) == bindparam("campaign"), col(Task.slots_taken) < col(Task.overlap)
)


def _build_audiences_statement() -> PreparedStatement:
    """Return a statement that skips from audience to audience without reading the tasks between."""
    first_audience = select(func.min(Task.audience).label("audience")).where(_HAS_FREE_SLOT)
    audiences = first_audience.cte("audiences", recursive=True)
    next_audience = select(func.min(Task.audience)).where(
        _HAS_FREE_SLOT, col(Task.audience) > audiences.c.audience
    )
    audiences = audiences.union_all(
        select(next_audience.scalar_subquery()).where(audiences.c.audience.is_not(None))
    )
    return PreparedStatement(select(audiences.c.audience).where(audiences.c.audience.is_not(None)))


_AUDIENCES_WITH_FREE_SLOTS = _build_audiences_statement()


def audiences_with_free_slots(session: Session, campaign_id: int) -> list[str]:
    """Return the audiences of all tasks of a campaign that have a free slot."""
    return [
        audience for (audience,) in _AUDIENCES_WITH_FREE_SLOTS.rows(session, campaign=campaign_id)
    ]


_IS_OWN_ASSIGNMENT = col(Assignment.expert_id) == bindparam("expert_id")
_AUTHOR_NAMES: tuple[Any, ...] = (bindparam("slack_id"), bindparam("pseudonym"))


def _has_sibling_assignment(*, is_confirmation: bool) -> ColumnElement[bool]:
    """Return a condition: the expert has had another task of the same item."""
    sibling = aliased(Task)
    matches_kind = (
        col(sibling.confirms_assignment_id).is_not(None)
        if is_confirmation
        else col(sibling.confirms_assignment_id).is_(None)
    )
    return exists().where(
        col(sibling.item_id) == col(Task.item_id),
        matches_kind,
        col(Assignment.task_id) == col(sibling.id),
        _IS_OWN_ASSIGNMENT,
    )


_HAS_ASSIGNMENT = exists().where(col(Assignment.task_id) == col(Task.id), _IS_OWN_ASSIGNMENT)
_WROTE_ITEM = exists().where(col(Item.id) == col(Task.item_id), col(Item.author).in_(_AUTHOR_NAMES))
_WROTE_CANDIDATE = exists().where(
    col(CandidateRow.item_id) == col(Task.item_id), col(CandidateRow.author).in_(_AUTHOR_NAMES)
)

_IS_ELIGIBLE = and_(
    col(Task.on_hold_since).is_(None),
    col(Task.has_text),
    ~_HAS_ASSIGNMENT,
    ~_has_sibling_assignment(is_confirmation=True),
    or_(
        col(Task.confirms_assignment_id).is_(None), ~_has_sibling_assignment(is_confirmation=False)
    ),
    ~_WROTE_ITEM,
    ~_WROTE_CANDIDATE,
)
"""What makes a task eligible for this expert, apart from its audience."""

_IS_SELECTABLE = and_(  # a repeat and a practice question are assigned when they are created
    _HAS_FREE_SLOT,
    col(Task.audience) == bindparam("audience"),
    col(Task.is_gold).is_(False),
    col(Task.is_repeat).is_(False),
    col(Task.practice_attempt).is_(None),
    _IS_ELIGIBLE,
)

_IS_AFTER_SCAN_POSITION = col(Task.id) > bindparam("scan_position")
_IS_RESCAN = and_(col(Task.id) <= bindparam("scan_position"), literal_column("task.needs_rescan"))
"""Tasks up to the scan position in which a slot was released."""

_ONE: ColumnElement[int] = literal_column("1")
"""A literal: PostgreSQL takes a parameter for a large limit, and plans the statement each time."""

_SLOT_QUERY: Any = select(Task.id, Task.item_id, Task.audience, Task.confirms_assignment_id)

_FIRST_SLOT = {
    is_rescan: PreparedStatement(
        _SLOT_QUERY.where(_IS_SELECTABLE, _IS_RESCAN if is_rescan else _IS_AFTER_SCAN_POSITION)
        .order_by(col(Task.id))
        .limit(_ONE)
    )
    for is_rescan in (False, True)
}
_FIRST_UNLOCKED_SLOT = PreparedStatement(
    _SLOT_QUERY.where(_IS_SELECTABLE, _IS_AFTER_SCAN_POSITION)
    .order_by(col(Task.id))
    .limit(_ONE)
    .with_for_update(of=Task, skip_locked=True)
)


def first_slot(  # noqa: PLR0913 - the search criteria
    session: Session,
    seeker: TaskSeeker,
    campaign_id: int,
    audiences: Sequence[str],
    scan_position: int,
    *,
    is_rescan: bool = False,
) -> TaskSlot | None:
    """Return the first free slot after `scan_position`.

    `is_rescan`: return the first one released at or before it instead.
    """
    parameters = {
        **seeker._asdict(),
        "campaign": campaign_id,
        "scan_position": scan_position,
    }
    statement = _FIRST_SLOT[is_rescan]
    rows = (statement.first(session, audience=audience, **parameters) for audience in audiences)
    return min((TaskSlot(*row) for row in rows if row), default=None)


_TRY_LOCK_TASK = PreparedStatement(
    select(Task.id)
    .where(col(Task.id) == bindparam("task"))
    .with_for_update(of=Task, skip_locked=True)
)


def try_lock_task(session: Session, task_id: int) -> bool:
    """Lock a task and return True, or return False if another transaction has locked it."""
    return bool(_TRY_LOCK_TASK.rows(session, task=task_id))


def first_unlocked_slot(
    session: Session,
    seeker: TaskSeeker,
    campaign_id: int,
    audiences: Sequence[str],
    scan_position: int,
) -> TaskSlot | None:
    """Return the first slot after `scan_position` that is not locked, and lock its task."""
    parameters = {
        **seeker._asdict(),
        "campaign": campaign_id,
        "scan_position": scan_position,
    }
    rows = (
        _FIRST_UNLOCKED_SLOT.first(session, audience=audience, **parameters)
        for audience in audiences
    )
    return min((TaskSlot(*row) for row in rows if row), default=None)


_FIRST_PRIORITIZED_SLOT = PreparedStatement(
    select(  # type: ignore[call-overload]  # SQLModel types up to four columns
        Task.priority, Task.id, Task.item_id, Task.audience, Task.confirms_assignment_id
    )
    .where(_IS_SELECTABLE, col(Task.priority).is_not(None))
    .order_by(col(Task.priority))
    .limit(_ONE)
    .with_for_update(of=Task, skip_locked=True)
)


def first_prioritized_slot(
    session: Session, seeker: TaskSeeker, campaign_id: int, audiences: Sequence[str]
) -> TaskSlot | None:
    """Return the slot with the first priority whose task is not locked, and lock its task."""
    parameters = {**seeker._asdict(), "campaign": campaign_id}
    rows = (
        _FIRST_PRIORITIZED_SLOT.first(session, audience=audience, **parameters)
        for audience in audiences
    )
    first = min(((row[0], TaskSlot(*row[1:])) for row in rows if row), default=None)
    return first[1] if first else None


_SLOT_COUNTS = {
    is_rescan: PreparedStatement(
        select(func.count()).select_from(
            select(Task.id)
            .where(_IS_SELECTABLE, _IS_RESCAN if is_rescan else _IS_AFTER_SCAN_POSITION)
            .limit(bindparam("limit"))
            .subquery()
        )
    )
    for is_rescan in (False, True)
}


def count_slots(
    session: Session,
    seeker: TaskSeeker,
    membership: OpenMembership,
    audiences: Sequence[str],
    limit: int,
) -> int:
    """Return how many slots `first_slot` would find one after the other, up to `limit`."""
    count = 0
    parameters = {
        **seeker._asdict(),
        "campaign": membership.campaign_id,
        "scan_position": membership.scan_position,
    }
    for audience in audiences:
        for statement in _SLOT_COUNTS.values():
            if count < limit:
                count += _fetch_count(
                    statement, session, audience=audience, limit=limit - count, **parameters
                )
    return count


def _fetch_count(statement: PreparedStatement, session: Session, **values: object) -> int:
    ((count,),) = statement.rows(session, **values)
    return int(count or 0)


_GOLD_SLOTS = PreparedStatement(
    _SLOT_QUERY.where(_HAS_FREE_SLOT, literal_column("task.is_gold"), _IS_ELIGIBLE).order_by(
        col(Task.id)
    )
)


def gold_slots(session: Session, seeker: TaskSeeker, campaign_id: int) -> list[TaskSlot]:
    """Return slots of the gold tasks that an expert has not had."""
    rows = _GOLD_SLOTS.rows(session, campaign=campaign_id, **seeker._asdict())
    return [TaskSlot(*row) for row in rows]


_ASSIGNED_COUNT = PreparedStatement(
    select(func.count()).where(
        col(Assignment.campaign_id) == bindparam("campaign"), _IS_OWN_ASSIGNMENT
    )
)


def count_assigned(session: Session, expert_id: int, campaign_id: int) -> int:
    """Return how many tasks of a campaign an expert has been assigned so far."""
    return _fetch_count(_ASSIGNED_COUNT, session, campaign=campaign_id, expert_id=expert_id)


_LAST_TASK_ID = PreparedStatement(select(func.max(Task.id)))


def last_task_id(session: Session) -> int:
    """Return the id of the newest task of all campaigns, 0 if there is none."""
    return _fetch_count(_LAST_TASK_ID, session)
