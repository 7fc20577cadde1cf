"""Snapshots of exports: what each read, stored once for the same state."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete as sql_delete
from sqlalchemy import func, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from storage.tables import (
    Assignment,
    Decision,
    Expert,
    ExportRun,
    Item,
    RunState,
    StoredSnapshot,
    Task,
)

MAX_PARAMETERS = 1_000
"""Numbers in one statement."""


def store(session: Session, sha256: str, content: bytes, now: datetime) -> None:
    """Store a snapshot, unless it is stored already."""
    dialect = sqlite if session.connection().dialect.name == "sqlite" else postgresql
    values = {"sha256": sha256, "content": zlib.compress(content), "created_at": now}
    session.connection().execute(
        dialect.insert(StoredSnapshot).values(values).on_conflict_do_nothing()
    )


def load(session: Session, sha256: str) -> bytes | None:
    """Return a snapshot as JSON, None if this database does not have it."""
    row = session.get(StoredSnapshot, sha256)
    return zlib.decompress(row.content) if row else None


def old_snapshots(session: Session, before: datetime) -> list[tuple[str, int]]:
    """Return the hash and the stored bytes of each snapshot that no recent export has read.

    A snapshot is old if it was stored, and every export that read it was finished, before that
    time. Those of the last successful export of each campaign in each format, and of each schedule,
    are never old: exports of new answers begin after them.
    """
    newest = (col(ExportRun.started_at).desc(), col(ExportRun.id).desc())
    by_format = (col(ExportRun.campaign_id), col(ExportRun.format))
    places = [
        func.row_number().over(partition_by=by_format, order_by=newest),
        func.row_number().over(
            partition_by=(*by_format, col(ExportRun.schedule_id)), order_by=newest
        ),
    ]
    done = (
        select(ExportRun.snapshot, *(place.label(f"place_{n}") for n, place in enumerate(places)))
        .where(ExportRun.state == RunState.DONE, col(ExportRun.snapshot).is_not(None))
        .subquery()
    )
    last = select(done.c.snapshot).where(or_(done.c.place_0 == 1, done.c.place_1 == 1))
    recent = select(ExportRun.snapshot).where(
        col(ExportRun.snapshot).is_not(None),
        or_(col(ExportRun.finished_at).is_(None), col(ExportRun.finished_at) >= before),
    )
    query = select(StoredSnapshot.sha256, func.length(StoredSnapshot.content)).where(
        col(StoredSnapshot.created_at) < before,
        col(StoredSnapshot.sha256).not_in(last),
        col(StoredSnapshot.sha256).not_in(recent),
    )
    return list(session.exec(query))


def delete(session: Session, hashes: Sequence[str]) -> None:
    """Delete snapshots, by hash."""
    for start in range(0, len(hashes), MAX_PARAMETERS):
        chosen = col(StoredSnapshot.sha256).in_(hashes[start : start + MAX_PARAMETERS])
        session.connection().execute(sql_delete(StoredSnapshot).where(chosen))


def gold_answers(session: Session, campaign_id: int) -> dict[int, dict[str, object]]:
    """Return the known correct answers of a campaign, by task."""
    query = (
        select(Task.id, Item.gold)
        .join(Item, col(Item.id) == col(Task.item_id))
        .where(
            Task.campaign_id == campaign_id,
            col(Task.is_gold),
            col(Task.confirms_assignment_id).is_(None),
        )
        .order_by(col(Task.id))
    )
    return {task_id: dict(gold) for task_id, gold in session.exec(query) if task_id and gold}


class NumberedAnswer(NamedTuple):
    """An answer by the number of its assignment: its item, and the pseudonym of its expert."""

    assignment_id: int
    item_id: int
    item_key: str
    pseudonym: str


class NumberedDecision(NamedTuple):
    """A decision by its number, and its item."""

    decision_id: int
    item_id: int
    item_key: str


def answers_by_number(session: Session, numbers: Sequence[int]) -> Iterator[NumberedAnswer]:
    """Yield the answers with these numbers of assignments; erased ones are missing."""
    columns: Any = select(col(Assignment.id), col(Item.id), col(Item.key), col(Expert.pseudonym))
    query = (
        columns.select_from(Assignment)
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Item, col(Item.id) == col(Task.item_id))
        .join(Expert, col(Expert.id) == col(Assignment.expert_id))
        .order_by(col(Assignment.id))
    )
    for start in range(0, len(numbers), MAX_PARAMETERS):
        chosen = col(Assignment.id).in_(numbers[start : start + MAX_PARAMETERS])
        for row in session.connection().execute(query.where(chosen)):
            yield NumberedAnswer(*row)


def decisions_by_number(session: Session, numbers: Sequence[int]) -> Iterator[NumberedDecision]:
    """Yield the decisions with these numbers; erased ones are missing."""
    columns: Any = select(col(Decision.id), col(Item.id), col(Item.key))
    query = (
        columns.select_from(Decision)
        .join(Task, col(Task.id) == col(Decision.task_id))
        .join(Item, col(Item.id) == col(Task.item_id))
        .order_by(col(Decision.id))
    )
    for start in range(0, len(numbers), MAX_PARAMETERS):
        chosen = col(Decision.id).in_(numbers[start : start + MAX_PARAMETERS])
        for row in session.connection().execute(query.where(chosen)):
            yield NumberedDecision(*row)
