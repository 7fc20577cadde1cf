"""Answers for an export: the current ones that count, streamed with their items."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Text, and_, case, cast, func, or_
from sqlmodel import Session, col, select

from storage.queries import items
from storage.queries.items import ItemRow
from storage.tables import Annotation, Assignment, AssignmentState, Expert, Item, Task

CHUNK_SIZE = 1_000
"""Annotations in memory at a time, each with its item."""


class LabelRow(NamedTuple):
    """The current version of an expert's answer about an item."""

    item_id: int
    pseudonym: str
    candidate_order: list[int]
    value: dict[str, Any]
    version: int
    answered_at: datetime
    guidelines_version: int
    shown: dict[str, Any] | None
    seconds: int | None
    paused: bool
    is_gold: bool
    finalized_by: str | None
    is_imported: bool
    has_text: bool


_CURRENT_ANSWERS = (
    select(  # type: ignore[call-overload]  # SQLModel types up to four columns
        Task.item_id,
        Expert.pseudonym,
        Assignment.candidate_order,
        Annotation.value,
        Annotation.version,
        Annotation.created_at,
        Annotation.guidelines_version,
        Annotation.shown,
        Annotation.seconds,
        Annotation.paused,
        Task.is_gold,
        Assignment.finalized_by,
        Expert.is_external,
        Task.has_text,
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
    .join(Expert, col(Expert.id) == col(Assignment.expert_id))
    .where(
        Assignment.state == AssignmentState.ANSWERED,
        col(Assignment.complete),
        col(Task.confirms_assignment_id).is_(None),
        col(Annotation.complete),
    )
    .order_by(col(Task.item_id), col(Expert.pseudonym))
)


class UncountedAnswer(StrEnum):
    """Why an answer or a skipped task has no label."""

    REPEAT = "repeat"
    PRACTICE = "practice"
    CONFIRMATION = "confirmation"
    SKIPPED = "skipped"
    EXCLUDED = "excluded"
    INCOMPLETE = "incomplete"
    GOLD = "gold"
    NOT_FINAL = "not_final"


def count_uncounted_answers(
    session: Session, campaign_id: int, *, with_gold: bool, only_final: bool = False
) -> dict[UncountedAnswer, int]:
    """Return how many answers of a campaign `stream_labels` does not yield, by reason.

    An answer is a current one, complete or not; undone ones are none. Skipped tasks count too.
    """
    reasons = [
        (col(Task.is_repeat), UncountedAnswer.REPEAT),
        (col(Task.practice_attempt).is_not(None), UncountedAnswer.PRACTICE),
        (col(Task.confirms_assignment_id).is_not(None), UncountedAnswer.CONFIRMATION),
        (col(Assignment.state) == AssignmentState.SKIPPED, UncountedAnswer.SKIPPED),
        (col(Assignment.state) == AssignmentState.QUARANTINED, UncountedAnswer.EXCLUDED),
        (
            or_(
                col(Assignment.state) != AssignmentState.ANSWERED,
                col(Assignment.complete).is_(False),
            ),
            UncountedAnswer.INCOMPLETE,
        ),
    ]
    if not with_gold:
        reasons.append((col(Task.is_gold).is_(True), UncountedAnswer.GOLD))
    if only_final:
        reasons.append((col(Assignment.finalized_by).is_(None), UncountedAnswer.NOT_FINAL))
    reason = case(*((condition, name.value) for condition, name in reasons), else_="")
    query = (
        select(reason, func.count())
        .select_from(Assignment)
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .where(
            col(Assignment.campaign_id) == campaign_id,
            or_(
                col(Assignment.value).is_not(None),
                col(Assignment.state) == AssignmentState.SKIPPED,
            ),
        )
        .group_by(reason)
    )
    rows = session.connection().execute(query)
    return {UncountedAnswer(name): count for name, count in rows if name}


def stream_labels(
    session: Session,
    campaign_id: int,
    *,
    with_gold: bool,
    only_final: bool = False,
    by_prompt: bool = False,
) -> Generator[tuple[LabelRow, ItemRow]]:
    """Yield the complete answers of a campaign, by item in imported order, then by pseudonym.

    `with_gold` includes answers to gold questions, which measure experts and add nothing new to a
    dataset. `only_final` leaves out answers that can still be changed. With `by_prompt`, items with
    the same prompt and media follow each other.

    One server-side cursor streams the answers, so close the generator. The items are loaded for
    each chunk, because repeating an item in every row would cost more, and items never change.
    """
    query = _CURRENT_ANSWERS.where(col(Assignment.campaign_id) == campaign_id)
    if not with_gold:
        query = query.where(col(Task.is_gold).is_(False))
    if only_final:
        query = query.where(col(Assignment.finalized_by).is_not(None))
    if by_prompt:
        query = query.join(Item, col(Item.id) == col(Task.item_id)).order_by(None)
        shared = (cast(col(Item.prompt), Text), cast(col(Item.media), Text))
        query = query.order_by(*shared, col(Task.item_id), col(Expert.pseudonym))
    options = {"yield_per": CHUNK_SIZE}
    with session.connection().execute(query, execution_options=options) as streamed:
        for chunk in streamed.partitions():
            rows = [LabelRow(*row) for row in chunk]
            items_by_id = items.items_by_id(session, {row.item_id for row in rows})
            yield from ((row, items_by_id[row.item_id]) for row in rows)
