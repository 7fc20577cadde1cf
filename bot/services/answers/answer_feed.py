"""The answers of a campaign as a feed: every version, in the order in which they were stored.

A reader continues after the last id it has seen, and misses nothing. A version replaces the earlier
ones of the same answer.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.services.items.mapping import content_of
from bot.services.items.references import reference_of
from storage.database import Database
from storage.queries import answer_feed, items
from storage.queries.answer_feed import FeedRow
from storage.queries.items import ItemRow
from storage.row_id import id_of
from storage.tables import Campaign

MAX_SCANNED_CHUNKS = 20
"""Chunks of versions that one page looks through for answers of its campaign."""

SETTLE_SECONDS = 1.0
"""How long a reader waits for changes in progress; then it gets only what is certain."""

SETTLE_POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class AnswerVersion:
    """One version of an answer.

    Attributes:
        id: increases from version to version; a reader continues after it.
        answer: the number of the answer, the same for all its versions.
        version: 1 for the first, one more for each change.
        is_current: it is the newest version.
        counts: it is current and counts: not undone, in part, skipped or excluded.
        item: key of the item, as imported.
        task: reference of the task that the expert sees.
        expert: pseudonym; names are in no response.
        value: the answer as the expert gave it; None: undone.
        label: what it means, with the candidates in imported order; None: undone or in part.
    """

    id: int
    answer: int
    version: int
    is_current: bool
    counts: bool
    item: str
    task: str
    expert: str
    answered_at: datetime
    guidelines_version: int
    seconds: int | None
    is_gold: bool
    is_imported: bool
    is_final: bool
    value: dict[str, Any] | None
    label: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """Versions of answers; the next page begins after `last_id`. `has_more`: it is not empty."""

    answers: tuple[AnswerVersion, ...]
    last_id: int
    has_more: bool


def settled_id(database: Database) -> int:
    """Return an id up to which no version can be added any more.

    PostgreSQL gives ids before transactions end. So this waits for those in progress, and returns
    zero if one does not end in time: then nothing is certain yet.
    """
    newest = database.read_now(answer_feed.newest_id)
    pending = database.read_now(answer_feed.active_writers)
    deadline = time.monotonic() + SETTLE_SECONDS
    while pending and time.monotonic() < deadline:
        time.sleep(SETTLE_POLL_SECONDS)
        pending &= database.read_now(answer_feed.active_writers)
    return 0 if pending else newest


def read_page(
    session: Session, campaign: Campaign, *, after: int, until: int, limit: int
) -> AnswerPage:
    """Return up to `limit` versions of a campaign's answers, after one id and up to another."""
    rows: list[FeedRow] = []
    last_id = after
    for _ in range(MAX_SCANNED_CHUNKS):
        page = answer_feed.read_page(
            session, id_of(campaign), after=last_id, until=until, count=limit - len(rows)
        )
        rows += page.rows
        last_id = page.last_id
        if len(rows) >= limit or last_id >= until:
            break
    kind = kind_named(campaign.kind)
    items_by_id = items.items_by_id(session, {row.row.item_id for row in rows})
    answers = tuple(
        _build_version(kind, row, items_by_id[row.row.item_id])
        for row in rows
        if row.row.item_id in items_by_id
    )
    return AnswerPage(answers, last_id, last_id < until)


def find_version(
    session: Session, campaign: Campaign, assignment_id: int, version: int
) -> AnswerVersion | None:
    """Return one version of an answer; None if its item is deleted, or it is not in the feed."""
    row = answer_feed.find_version(session, id_of(campaign), assignment_id, version)
    item = items.items_by_id(session, {row.row.item_id}).get(row.row.item_id) if row else None
    if row is None or item is None or item.is_deleted:
        return None
    return _build_version(kind_named(campaign.kind), row, item)


def _build_version(kind: Kind[Any], row: FeedRow, item: ItemRow) -> AnswerVersion:
    label = row.row
    return AnswerVersion(
        id=row.id,
        answer=label.assignment_id,
        version=label.version,
        is_current=row.is_current,
        counts=row.counts,
        item=item.key,
        task=reference_of(label.assignment_id),
        expert=label.pseudonym,
        answered_at=label.answered_at,
        guidelines_version=label.guidelines_version,
        seconds=label.seconds,
        is_gold=label.is_gold,
        is_imported=label.is_imported,
        is_final=label.finalized_by is not None,
        value=row.value,
        label=_label_of(kind, row, item),
    )


def _label_of(kind: Kind[Any], row: FeedRow, item: ItemRow) -> dict[str, Any] | None:
    if row.value is None or not row.complete or item.is_deleted:
        return None
    label = kind.to_label(content_of(item), row.value, row.row.candidate_order)
    return {"type": type(label).__name__.lower(), **asdict(label)}
