"""Deletion of items: content is removed, tasks are closed, answers no longer count.

The rows stay, because answers are never deleted and refer to them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias
from typing import cast as typing_cast

from sqlalchemy import ColumnElement, String, Text, cast, delete, func, literal, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.queries.tasks import OPEN_STATES
from storage.row_id import id_of, require_id
from storage.tables import (
    Assignment,
    AssignmentState,
    CandidateRow,
    Expert,
    Flag,
    FormulaImage,
    Item,
    MediaFile,
    Question,
    Task,
)

Ids: TypeAlias = Collection[int] | SelectOfScalar[int | None]
"""Ids of rows, or a query that selects them."""

NO_CONTENT: dict[str, Any] = {
    "prompt": [],
    "draft": None,
    "meta": {},
    "media": [],
    "domains": [],
    "language": None,
    "gold": None,
    "author": None,
}
"""The columns of an item without content."""

CLOSED_TASK: dict[str, Any] = {
    "is_deleted": True,
    "overlap": 0,
    "slots_taken": 0,
    "priority": None,
    "needs_rescan": False,
    "on_hold_since": None,
    "on_hold_reason": None,
}
"""The columns of a task whose item is deleted."""


class OpenAssignment(NamedTuple):
    """An open assignment of an item, and its expert."""

    assignment_id: int
    slack_id: str


def lock_items(session: Session, campaign_id: int, item_ids: Collection[int]) -> list[Item]:
    """Return those of these items that a campaign has and that are not deleted, locked."""
    query = (
        select(Item)
        .where(
            Item.campaign_id == campaign_id,
            col(Item.id).in_(item_ids),
            col(Item.deleted_at).is_(None),
        )
        .order_by(col(Item.id))
        .with_for_update()
    )
    return list(session.exec(query))


def items_to_delete(
    session: Session, campaign_id: int, item_ids: Collection[int]
) -> dict[int, str]:
    """Return the keys of those of these items that a campaign has, by id, without deleted ones."""
    query = select(Item.id, Item.key).where(
        Item.campaign_id == campaign_id,
        col(Item.id).in_(item_ids),
        col(Item.deleted_at).is_(None),
    )
    rows = session.exec(query.order_by(col(Item.id)))
    return {require_id(item_id): key for item_id, key in rows}


def tasks_of(item_ids: Collection[int]) -> SelectOfScalar[int | None]:
    """Return a query for all tasks of items."""
    query: Any = select(Task.id).where(col(Task.item_id).in_(item_ids))
    return typing_cast("SelectOfScalar[int | None]", query)


def task_ids_of(session: Session, item_ids: Collection[int]) -> list[int]:
    """Return all tasks of items, also those that refer to an answer, locked."""
    query = select(Task).where(col(Task.item_id).in_(item_ids)).order_by(col(Task.id))
    return [id_of(task) for task in session.exec(query.with_for_update())]


def answer_counts(session: Session, task_ids: Ids) -> dict[int, int]:
    """Return the number of answers that count, by item, for the items that have some."""
    query: Any = (
        select(Task.item_id, func.count())
        .join(Assignment, col(Assignment.task_id) == col(Task.id))
        .where(col(Task.id).in_(task_ids), Assignment.state == AssignmentState.ANSWERED)
        .group_by(col(Task.item_id))
    )
    return dict(session.exec(query).all())


def open_assignments(session: Session, task_ids: Ids) -> list[OpenAssignment]:
    """Return the open assignments of tasks, oldest first."""
    query = (
        select(Assignment.id, Expert.slack_id)
        .join(Expert, col(Expert.id) == col(Assignment.expert_id))
        .where(col(Assignment.task_id).in_(task_ids), col(Assignment.state).in_(OPEN_STATES))
        .order_by(col(Assignment.id))
    )
    return [
        OpenAssignment(require_id(number), slack_id) for number, slack_id in session.exec(query)
    ]


def close_tasks(session: Session, task_ids: Ids) -> None:
    """Quarantine the answers to tasks, release open assignments, and close the tasks."""
    connection = session.connection()
    of_tasks = update(Assignment).where(col(Assignment.task_id).in_(task_ids))
    connection.execute(
        of_tasks.where(col(Assignment.state) == AssignmentState.ANSWERED).values(
            state=AssignmentState.QUARANTINED
        )
    )
    connection.execute(
        of_tasks.where(col(Assignment.state).in_(OPEN_STATES)).values(
            state=AssignmentState.RELEASED
        )
    )
    connection.execute(update(Task).where(col(Task.id).in_(task_ids)).values(CLOSED_TASK))


def close_questions_and_flags(
    session: Session, task_ids: Ids, text: str, actor: str, now: datetime
) -> None:
    """Record `text` as the answer to open questions and flags about tasks."""
    assignments = select(Assignment.id).where(col(Assignment.task_id).in_(task_ids))
    connection = session.connection()
    connection.execute(
        update(Question)
        .where(col(Question.assignment_id).in_(assignments), col(Question.answered_at).is_(None))
        .values(answer=text, answered_by=actor, answered_at=now)
    )
    connection.execute(
        update(Flag)
        .where(col(Flag.assignment_id).in_(assignments), col(Flag.resolved_at).is_(None))
        .values(resolution=text, resolved_by=actor, resolved_at=now)
    )


def remove_content(
    session: Session, item_ids: Ids, now: datetime, *, can_return: bool = False
) -> None:
    """Remove everything from items but id, key and digest.

    `can_return`: the key gets a suffix and the digest goes too, so that the same can be imported.
    """
    connection = session.connection()
    for table in (CandidateRow, FormulaImage):
        connection.execute(delete(table).where(col(table.item_id).in_(item_ids)))
    statement = update(Item).where(col(Item.id).in_(item_ids))
    freed = {"key": _freed_key(), "shown_digest": None} if can_return else {}
    connection.execute(statement.values(NO_CONTENT | {"deleted_at": now} | freed))


def stored_media_of(session: Session, item_ids: Ids) -> set[str]:
    """Return the URLs of the stored files that items show."""
    columns: Sequence[Any] = (
        select(Item.media).where(col(Item.id).in_(item_ids)),
        select(CandidateRow.media).where(col(CandidateRow.item_id).in_(item_ids)),
    )
    shown = (entry for query in columns for media in session.exec(query) for entry in media or ())
    drawn = session.exec(
        select(FormulaImage.media_url).where(col(FormulaImage.item_id).in_(item_ids))
    )
    return {entry["url"] for entry in shown if entry["url"].startswith("media:")} | {
        url for url in drawn if url
    }


def remove_unused_media(session: Session, urls: Collection[str]) -> None:
    """Remove those of the stored files that no item shows any more."""
    for url in sorted(urls):
        shows_it = cast(col(Item.media), Text).contains(url)
        candidate_shows_it = cast(col(CandidateRow.media), Text).contains(url)
        is_used = (
            session.exec(select(Item.id).where(shows_it).limit(1)).first()
            or session.exec(select(CandidateRow.item_id).where(candidate_shows_it).limit(1)).first()
        )
        if not is_used:
            session.connection().execute(delete(MediaFile).where(col(MediaFile.url) == url))


def free_keys(session: Session, campaign_id: int, keys: Collection[str]) -> None:
    """Let new items have the keys of deleted ones, whose keys get a suffix."""
    session.connection().execute(
        update(Item)
        .where(
            col(Item.campaign_id) == campaign_id,
            col(Item.key).in_(keys),
            col(Item.deleted_at).is_not(None),
        )
        .values(key=_freed_key())
    )


def _freed_key() -> ColumnElement[str]:
    """Return the key of a deleted item with a suffix that makes it unique."""
    return col(Item.key) + literal(" (deleted ") + cast(col(Item.id), String) + literal(")")
