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

from storage.prepared import Prepared
from storage.queries.members import Pool
from storage.tables import Assignment, Candidate, Item, Task


class Seeker(NamedTuple):
    """Somebody who may get a task: the names by which they may have written something."""

    expert: int
    slack: str
    pseudonym: str


class Place(NamedTuple):
    """A task with room for one more; `confirms` is the answer that it looks at, if any."""

    task: int
    item: int
    audience: str
    confirms: int | None


_WANTS = and_(col(Task.campaign_id) == bindparam("campaign"), col(Task.taken) < col(Task.overlap))


def _audiences() -> Prepared:
    """Return a statement that jumps from audience to audience, and reads no task between them."""
    least = select(func.min(Task.audience).label("audience")).where(_WANTS)
    known = least.cte("known", recursive=True)
    following = select(func.min(Task.audience)).where(_WANTS, col(Task.audience) > known.c.audience)
    known = known.union_all(
        select(following.scalar_subquery()).where(known.c.audience.is_not(None))
    )
    return Prepared(select(known.c.audience).where(known.c.audience.is_not(None)))


_AUDIENCES = _audiences()


def audiences(session: Session, campaign_id: int) -> list[str]:
    """Return the audiences of all tasks of a campaign that have room."""
    return [audience for (audience,) in _AUDIENCES.rows(session, campaign=campaign_id)]


_IS_MINE = col(Assignment.expert_id) == bindparam("expert")
_NAMES: tuple[Any, ...] = (bindparam("slack"), bindparam("pseudonym"))


def _had_sibling(*, second: bool) -> ColumnElement[bool]:
    """Say whether the person had another task of the same item."""
    sibling = aliased(Task)
    is_second = col(sibling.confirms).is_not(None) if second else col(sibling.confirms).is_(None)
    return exists().where(
        col(sibling.item_id) == col(Task.item_id),
        is_second,
        col(Assignment.task_id) == col(sibling.id),
        _IS_MINE,
    )


_HAD = exists().where(col(Assignment.task_id) == col(Task.id), _IS_MINE)
_WROTE_ITEM = exists().where(col(Item.id) == col(Task.item_id), col(Item.author).in_(_NAMES))
_WROTE_CANDIDATE = exists().where(
    col(Candidate.item_id) == col(Task.item_id), col(Candidate.author).in_(_NAMES)
)

_MAY_HAVE = and_(
    col(Task.set_aside_at).is_(None),
    ~_HAD,
    ~_had_sibling(second=True),
    or_(col(Task.confirms).is_(None), ~_had_sibling(second=False)),
    ~_WROTE_ITEM,
    ~_WROTE_CANDIDATE,
)
"""What makes a task one for this person, beside its audience."""

_IN_TURN = and_(
    _WANTS,
    col(Task.audience) == bindparam("audience"),
    col(Task.is_gold).is_(False),
    _MAY_HAVE,
)

_AHEAD = col(Task.id) > bindparam("start")
_BEHIND = and_(col(Task.id) <= bindparam("start"), literal_column("task.reopened"))
"""Places that were given back where the person has been already."""

_PLACE: Any = select(Task.id, Task.item_id, Task.audience, Task.confirms)

_FIRST = {
    behind: Prepared(
        _PLACE.where(_IN_TURN, _BEHIND if behind else _AHEAD).order_by(col(Task.id)).limit(1)
    )
    for behind in (False, True)
}
_FIRST_FREE = Prepared(
    _PLACE.where(_IN_TURN, _AHEAD)
    .order_by(col(Task.id))
    .limit(1)
    .with_for_update(of=Task, skip_locked=True)
)


def first_place(  # noqa: PLR0913 - they are what a place is found by
    session: Session,
    seeker: Seeker,
    campaign_id: int,
    audiences: Sequence[str],
    start: int,
    *,
    behind: bool = False,
) -> Place | None:
    """Return the first place behind task `start`; with `behind`, of those given back before it."""
    asked = {**seeker._asdict(), "campaign": campaign_id, "start": start}
    found = (_FIRST[behind].first(session, audience=one, **asked) for one in audiences)
    return min((Place(*row) for row in found if row), default=None)


_FREE = Prepared(
    select(Task.id)
    .where(col(Task.id) == bindparam("task"))
    .with_for_update(of=Task, skip_locked=True)
)


def lock_if_free(session: Session, task_id: int) -> bool:
    """Lock a task, unless somebody is taking a place of it right now; say whether it is locked."""
    return bool(_FREE.rows(session, task=task_id))


def first_free_place(
    session: Session, seeker: Seeker, campaign_id: int, audiences: Sequence[str], start: int
) -> Place | None:
    """Return the first place behind task `start` that nobody waits for; its task is locked."""
    asked = {**seeker._asdict(), "campaign": campaign_id, "start": start}
    found = (_FIRST_FREE.first(session, audience=one, **asked) for one in audiences)
    return min((Place(*row) for row in found if row), default=None)


_COUNT = {
    behind: Prepared(
        select(func.count()).select_from(
            select(Task.id)
            .where(_IN_TURN, _BEHIND if behind else _AHEAD)
            .limit(bindparam("most"))
            .subquery()
        )
    )
    for behind in (False, True)
}


def count_places(
    session: Session, seeker: Seeker, pool: Pool, audiences: Sequence[str], most: int
) -> int:
    """Return how many places `first_place` would find one after the other, up to `most`."""
    found = 0
    asked = {**seeker._asdict(), "campaign": pool.campaign, "start": pool.last_task}
    for audience in audiences:
        for counted in _COUNT.values():
            if found < most:
                found += _number(counted, session, audience=audience, most=most - found, **asked)
    return found


def _number(statement: Prepared, session: Session, **values: object) -> int:
    ((number,),) = statement.rows(session, **values)
    return int(number or 0)


_GOLD = Prepared(
    _PLACE.where(_WANTS, literal_column("task.is_gold"), _MAY_HAVE).order_by(col(Task.id))
)


def gold_places(session: Session, seeker: Seeker, campaign_id: int) -> list[Place]:
    """Return the gold tasks that a person has not had."""
    rows = _GOLD.rows(session, campaign=campaign_id, **seeker._asdict())
    return [Place(*row) for row in rows]


_GIVEN = Prepared(
    select(func.count()).where(col(Assignment.campaign_id) == bindparam("campaign"), _IS_MINE)
)


def given(session: Session, expert_id: int, campaign_id: int) -> int:
    """Return how many tasks of a campaign an expert was given so far."""
    return _number(_GIVEN, session, campaign=campaign_id, expert=expert_id)


_LAST = Prepared(select(func.max(Task.id)))


def last_task(session: Session) -> int:
    """Return the newest task of all, 0 if there is none."""
    return _number(_LAST, session)
