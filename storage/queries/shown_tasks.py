"""What an expert sees of assignments: the task and the receipt of a page, in two queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam
from sqlmodel import Session, col, select

from storage.prepared_statements import PreparedStatement
from storage.queries.items import ITEM_COLUMNS, RESPONSE_COLUMNS, ItemRow, ResponseRow, build_item
from storage.tables import Assignment, Campaign, CandidateRow, Item, Task


class ShownAssignment(NamedTuple):
    """The columns of an assignment that decide what its expert sees."""

    id: int
    task_id: int
    campaign_id: int
    expert_id: int
    state: str
    candidate_order: list[int]
    value: dict[str, Any] | None = None
    channel: str | None = None
    message_ts: str | None = None
    selection_reason: dict[str, Any] | None = None
    guidelines_changed_since: int | None = None
    sent_back_reason: str | None = None
    skip_reason: str | None = None
    finalized_by: str | None = None


class CampaignInstructions(NamedTuple):
    """What a campaign asks of its experts."""

    title: str
    kind: str
    settings: dict[str, Any]
    guidelines: str
    guidelines_link: str | None
    practice_questions: int


@dataclass(frozen=True, slots=True)
class ShownTask:
    """An assignment with its campaign's instructions and its item."""

    assignment: ShownAssignment
    campaign: CampaignInstructions
    item: ItemRow


_ASSIGNMENT_COLUMNS = tuple(getattr(Assignment, name) for name in ShownAssignment._fields)
_CAMPAIGN_COLUMNS = tuple(getattr(Campaign, name) for name in CampaignInstructions._fields)
_TASK_ID = ShownAssignment._fields.index("task_id")
_CAMPAIGN_START = len(_ASSIGNMENT_COLUMNS)
_ITEM_START = _CAMPAIGN_START + len(_CAMPAIGN_COLUMNS)

_EITHER: tuple[Any, ...] = (bindparam("first"), bindparam("second"))

_SHOWN_TASKS = PreparedStatement(
    select(*_ASSIGNMENT_COLUMNS, *_CAMPAIGN_COLUMNS, *ITEM_COLUMNS)
    .select_from(Assignment)
    .join(Campaign, and_(col(Campaign.id) == col(Assignment.campaign_id)))
    .join(Task, and_(col(Task.id) == col(Assignment.task_id)))
    .join(Item, and_(col(Item.id) == col(Task.item_id)))
    .where(col(Assignment.id).in_(_EITHER))
)

_CANDIDATES = PreparedStatement(
    select(Task.id, *RESPONSE_COLUMNS)  # type: ignore[call-overload]  # SQLModel types up to four columns
    .join(CandidateRow, and_(col(CandidateRow.item_id) == col(Task.item_id)))
    .where(col(Task.id).in_(_EITHER))
    .order_by(col(Task.id), col(CandidateRow.position))
)


def shown_tasks(session: Session, ids: Sequence[int | None]) -> list[ShownTask | None]:
    """Return one or two assignments as their expert sees them; None for each that is missing."""
    known = [one for one in ids if one is not None]
    if not known:
        return [None for _ in ids]
    rows = _SHOWN_TASKS.rows(session, first=known[0], second=known[-1])
    candidates = _candidates_by_task(session, [row[_TASK_ID] for row in rows])
    found = {row[0]: _build_task(row, candidates.get(row[_TASK_ID], [])) for row in rows}
    return [None if one is None else found.get(one) for one in ids]


def _build_task(row: tuple[Any, ...], candidates: list[ResponseRow]) -> ShownTask:
    return ShownTask(
        ShownAssignment(*row[:_CAMPAIGN_START]),
        CampaignInstructions(*row[_CAMPAIGN_START:_ITEM_START]),
        build_item(row[_ITEM_START:], candidates),
    )


def _candidates_by_task(session: Session, tasks: Sequence[int]) -> dict[int, list[ResponseRow]]:
    if not tasks:
        return {}
    rows = _CANDIDATES.rows(session, first=tasks[0], second=tasks[-1])
    by_task = groupby(rows, key=itemgetter(0))
    return {task: [ResponseRow(*row[1:]) for row in group] for task, group in by_task}
