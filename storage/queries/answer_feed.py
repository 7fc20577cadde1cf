"""The answers of a campaign in the order in which they were stored, for readers that continue."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, case, func, select, text
from sqlmodel import Session, col

from storage.queries.labels import LABEL_COLUMNS, LabelRow
from storage.tables import Annotation, Assignment, AssignmentState, Expert, Item, Task

_WRITERS = text(
    "SELECT backend_xid::text FROM pg_stat_activity"
    " WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()"
)


class FeedRow(NamedTuple):
    """A version of an answer. `row` is as in an export; `value` is None if it was undone.

    `is_current`: it is the newest version of its answer. `counts`: it is that of an answer that
    counts, which is neither skipped, excluded nor incomplete.
    """

    id: int
    row: LabelRow
    value: dict[str, Any] | None
    complete: bool
    is_current: bool
    counts: bool


class FeedPage(NamedTuple):
    """Answers among the versions up to `last_id`; those of other campaigns are left out."""

    rows: list[FeedRow]
    last_id: int


def newest_id(session: Session) -> int:
    """Return the id of the newest version of all answers, 0 if there is none."""
    return int(session.connection().execute(select(func.max(col(Annotation.id)))).scalar() or 0)


def active_writers(session: Session) -> set[str]:
    """Return the transactions that are changing the database now; none on SQLite.

    Every transaction that stores an answer has locked its assignment before the answer gets its id,
    so it is among them until it ends.
    """
    if session.connection().dialect.name == "sqlite":
        return set()  # ids are given by the only writer, and are visible in their order
    return set(session.connection().execute(_WRITERS).scalars())


_CHUNK = (
    select(col(Annotation.id).label("id"))
    .where(col(Annotation.id) > bindparam("after"), col(Annotation.id) <= bindparam("until"))
    .order_by(col(Annotation.id))
    .limit(bindparam("count", type_=Integer()))
    .cte("chunk")
)

_LAST_OF_CHUNK = select(func.max(_CHUNK.c.id))

_IS_CURRENT = col(Annotation.version) == col(Assignment.version)

_COUNTS = and_(
    _IS_CURRENT,
    col(Assignment.state) == AssignmentState.ANSWERED,
    col(Assignment.complete),
    col(Item.deleted_at).is_(None),
)

_FEED_COLUMNS: tuple[Any, ...] = (
    Annotation.id,
    *LABEL_COLUMNS,
    Annotation.complete,
    case((_IS_CURRENT, True), else_=False),
    case((_COUNTS, True), else_=False),
)

_VERSIONS = (
    select(*_FEED_COLUMNS)
    .select_from(Annotation)
    .join(Assignment, col(Assignment.id) == col(Annotation.assignment_id))
    .join(Task, col(Task.id) == col(Assignment.task_id))
    .join(Item, col(Item.id) == col(Task.item_id))
    .join(Expert, col(Expert.id) == col(Assignment.expert_id))
    .where(
        col(Assignment.campaign_id) == bindparam("campaign"),
        col(Task.confirms_assignment_id).is_(None),
    )
)

_FEED = _VERSIONS.join(_CHUNK, _CHUNK.c.id == col(Annotation.id)).order_by(col(Annotation.id))

_VERSION = _VERSIONS.where(
    col(Annotation.assignment_id) == bindparam("assignment"),
    col(Annotation.version) == bindparam("version"),
)


def read_page(
    session: Session, campaign_id: int, *, after: int, until: int, count: int
) -> FeedPage:
    """Return a campaign's answers among the next `count` versions after an id, up to another.

    Repeats, practice and confirmations are no answers.
    """
    connection = session.connection()
    bounds = {"after": after, "until": until, "count": count}
    last_id = connection.execute(_LAST_OF_CHUNK, bounds).scalar()
    if last_id is None:
        return FeedPage([], max(after, until))
    rows = connection.execute(_FEED, {**bounds, "campaign": campaign_id})
    return FeedPage([_build_row(tuple(row)) for row in rows], int(last_id))


def find_version(
    session: Session, campaign_id: int, assignment_id: int, version: int
) -> FeedRow | None:
    """Return a version of an answer of a campaign; None if it is not in the feed."""
    values = {"campaign": campaign_id, "assignment": assignment_id, "version": version}
    row = session.connection().execute(_VERSION, values).first()
    return _build_row(tuple(row)) if row else None


def _build_row(columns: tuple[Any, ...]) -> FeedRow:
    number, *label, complete, is_current, counts = columns
    row = LabelRow(*label)
    return FeedRow(number, row, row.value, complete, bool(is_current), bool(counts))
