"""Which tasks somebody could get. Each statement looks at the tasks of one audience, by an index.

Who may get what by domain and language is decided outside, once for each audience; what concerns
one task and one person is decided here: that they never had its item, and wrote nothing of it.
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
    """Somebody who may get a task: the names by which they may have written something."""

    expert: int
    slack: str
    pseudonym: str


class TaskSlot(NamedTuple):
    """A task with room for one more; `confirms` is the answer that it looks at, if any."""

    task_id: int
    item_id: int
    audience: str
    confirms_assignment_id: int | None


_HAS_FREE_SLOT = and_(
    col(Task.campaign_id) == bindparam("campaign"), col(Task.slots_taken) < col(Task.overlap)
)


def _build_audiences_statement() -> PreparedStatement:
    """Return a statement that jumps from audience to audience, and reads no task between them."""
    first = select(func.min(Task.audience).label("audience")).where(_HAS_FREE_SLOT)
    known = first.cte("known", recursive=True)
    following = select(func.min(Task.audience)).where(
        _HAS_FREE_SLOT, col(Task.audience) > known.c.audience
    )
    known = known.union_all(
        select(following.scalar_subquery()).where(known.c.audience.is_not(None))
    )
    return PreparedStatement(select(known.c.audience).where(known.c.audience.is_not(None)))


_AUDIENCES_WITH_FREE_SLOTS = _build_audiences_statement()


def audiences_with_free_slots(session: Session, campaign_id: int) -> list[str]:
    """Return the audiences of all tasks of a campaign that have room."""
    return [
        audience for (audience,) in _AUDIENCES_WITH_FREE_SLOTS.rows(session, campaign=campaign_id)
    ]


_IS_OWN_ASSIGNMENT = col(Assignment.expert_id) == bindparam("expert")
_AUTHOR_NAMES: tuple[Any, ...] = (bindparam("slack"), bindparam("pseudonym"))


def _has_sibling_assignment(*, is_confirmation: bool) -> ColumnElement[bool]:
    """Say whether the person had another task of the same item."""
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
    ~_HAS_ASSIGNMENT,
    ~_has_sibling_assignment(is_confirmation=True),
    or_(
        col(Task.confirms_assignment_id).is_(None), ~_has_sibling_assignment(is_confirmation=False)
    ),
    ~_WROTE_ITEM,
    ~_WROTE_CANDIDATE,
)
"""What makes a task one for this person, beside its audience."""

_IS_SELECTABLE = and_(
    _HAS_FREE_SLOT,
    col(Task.audience) == bindparam("audience"),
    col(Task.is_gold).is_(False),
    _IS_ELIGIBLE,
)

_IS_AFTER_SCAN_POSITION = col(Task.id) > bindparam("start")
_IS_RESCAN = and_(col(Task.id) <= bindparam("start"), literal_column("task.needs_rescan"))
"""Places that were given back where the person has been already."""

_SLOT_QUERY: Any = select(Task.id, Task.item_id, Task.audience, Task.confirms_assignment_id)

_FIRST_SLOT = {
    behind: PreparedStatement(
        _SLOT_QUERY.where(_IS_SELECTABLE, _IS_RESCAN if behind else _IS_AFTER_SCAN_POSITION)
        .order_by(col(Task.id))
        .limit(1)
    )
    for behind in (False, True)
}
_FIRST_UNLOCKED_SLOT = PreparedStatement(
    _SLOT_QUERY.where(_IS_SELECTABLE, _IS_AFTER_SCAN_POSITION)
    .order_by(col(Task.id))
    .limit(1)
    .with_for_update(of=Task, skip_locked=True)
)


def first_slot(  # noqa: PLR0913 - they are what a place is found by
    session: Session,
    seeker: TaskSeeker,
    campaign_id: int,
    audiences: Sequence[str],
    scan_position: int,
    *,
    is_rescan: bool = False,
) -> TaskSlot | None:
    """Return the first place behind task `start`; with `behind`, of those given back before it."""
    parameters = {**seeker._asdict(), "campaign": campaign_id, "start": scan_position}
    found = (_FIRST_SLOT[is_rescan].first(session, audience=one, **parameters) for one in audiences)
    return min((TaskSlot(*row) for row in found if row), default=None)


_TRY_LOCK_TASK = PreparedStatement(
    select(Task.id)
    .where(col(Task.id) == bindparam("task"))
    .with_for_update(of=Task, skip_locked=True)
)


def try_lock_task(session: Session, task_id: int) -> bool:
    """Lock a task, unless somebody is taking a place of it right now; say whether it is locked."""
    return bool(_TRY_LOCK_TASK.rows(session, task=task_id))


def first_unlocked_slot(
    session: Session,
    seeker: TaskSeeker,
    campaign_id: int,
    audiences: Sequence[str],
    scan_position: int,
) -> TaskSlot | None:
    """Return the first place behind task `start` that nobody waits for; its task is locked."""
    parameters = {**seeker._asdict(), "campaign": campaign_id, "start": scan_position}
    found = (_FIRST_UNLOCKED_SLOT.first(session, audience=one, **parameters) for one in audiences)
    return min((TaskSlot(*row) for row in found if row), default=None)


_SLOT_COUNTS = {
    behind: PreparedStatement(
        select(func.count()).select_from(
            select(Task.id)
            .where(_IS_SELECTABLE, _IS_RESCAN if behind else _IS_AFTER_SCAN_POSITION)
            .limit(bindparam("most"))
            .subquery()
        )
    )
    for behind in (False, True)
}


def count_slots(
    session: Session,
    seeker: TaskSeeker,
    membership: OpenMembership,
    audiences: Sequence[str],
    limit: int,
) -> int:
    """Return how many places `first_place` would find one after the other, up to `most`."""
    found = 0
    parameters = {
        **seeker._asdict(),
        "campaign": membership.campaign_id,
        "start": membership.scan_position,
    }
    for audience in audiences:
        for statement in _SLOT_COUNTS.values():
            if found < limit:
                found += _fetch_count(
                    statement, session, audience=audience, most=limit - found, **parameters
                )
    return found


def _fetch_count(statement: PreparedStatement, session: Session, **values: object) -> int:
    ((number,),) = statement.rows(session, **values)
    return int(number or 0)


_GOLD_SLOTS = PreparedStatement(
    _SLOT_QUERY.where(_HAS_FREE_SLOT, literal_column("task.is_gold"), _IS_ELIGIBLE).order_by(
        col(Task.id)
    )
)


def gold_slots(session: Session, seeker: TaskSeeker, campaign_id: int) -> list[TaskSlot]:
    """Return the gold tasks that a person has not had."""
    rows = _GOLD_SLOTS.rows(session, campaign=campaign_id, **seeker._asdict())
    return [TaskSlot(*row) for row in rows]


_ASSIGNED_COUNT = PreparedStatement(
    select(func.count()).where(
        col(Assignment.campaign_id) == bindparam("campaign"), _IS_OWN_ASSIGNMENT
    )
)


def count_assigned(session: Session, expert_id: int, campaign_id: int) -> int:
    """Return how many tasks of a campaign an expert was given so far."""
    return _fetch_count(_ASSIGNED_COUNT, session, campaign=campaign_id, expert=expert_id)


_LAST_TASK_ID = PreparedStatement(select(func.max(Task.id)))


def last_task_id(session: Session) -> int:
    """Return the newest task of all, 0 if there is none."""
    return _fetch_count(_LAST_TASK_ID, session)
