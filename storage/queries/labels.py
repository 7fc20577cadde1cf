"""Answers for an export: the current ones that count, streamed with their items."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, and_, case, cast, or_
from sqlmodel import Session, col, select

from storage.queries import items
from storage.queries.items import ItemRow
from storage.tables import Annotation, Assignment, AssignmentState, Expert, Item, Task

CHUNK_SIZE = 1_000
"""Annotations in memory at a time, each with its item."""

STATES_CHUNK_SIZE = 10_000
"""States of answers in memory at a time."""


class LabelRow(NamedTuple):
    """A version of an expert's answer about an item."""

    assignment_id: int
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
    has_opened: bool


LABEL_COLUMNS: tuple[Any, ...] = (
    Assignment.id,
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
    Annotation.read_in_full,
)
"""The columns of a `LabelRow`, in the order of its fields."""

_VERSIONS = (
    select(*LABEL_COLUMNS)
    .select_from(Assignment)
    .join(Annotation, and_(col(Annotation.assignment_id) == col(Assignment.id)))
    .join(Task, col(Task.id) == col(Assignment.task_id))
    .join(Expert, col(Expert.id) == col(Assignment.expert_id))
    .where(col(Task.confirms_assignment_id).is_(None), col(Annotation.complete))
    .order_by(col(Task.item_id), col(Expert.pseudonym), col(Annotation.version))
)

_CURRENT_VERSIONS = _VERSIONS.where(
    col(Annotation.version) == col(Assignment.version),
    Assignment.state == AssignmentState.ANSWERED,
    col(Assignment.complete),
)


class UncountedAnswer(StrEnum):
    """Why an answer or a skipped task has no label; the last two apply to some exports."""

    REPEAT = "repeat"
    PRACTICE = "practice"
    CONFIRMATION = "confirmation"
    SKIPPED = "skipped"
    EXCLUDED = "excluded"
    INCOMPLETE = "incomplete"
    GOLD = "gold"
    NOT_FINAL = "not_final"


class AnswerStateRow(NamedTuple):
    """The state of an answer; `reason` is one of the first `UncountedAnswer`, or empty."""

    assignment_id: int
    version: int
    reason: str
    is_gold: bool
    finalized_by: str | None


_REASON = case(
    (col(Task.is_repeat), UncountedAnswer.REPEAT.value),
    (col(Task.practice_attempt).is_not(None), UncountedAnswer.PRACTICE.value),
    (col(Task.confirms_assignment_id).is_not(None), UncountedAnswer.CONFIRMATION.value),
    (col(Assignment.state) == AssignmentState.SKIPPED, UncountedAnswer.SKIPPED.value),
    (col(Assignment.state) == AssignmentState.QUARANTINED, UncountedAnswer.EXCLUDED.value),
    (
        or_(
            col(Assignment.state) != AssignmentState.ANSWERED,
            col(Assignment.complete).is_(False),
        ),
        UncountedAnswer.INCOMPLETE.value,
    ),
    else_="",
)


def stream_answer_states(session: Session, campaign_id: int) -> Generator[AnswerStateRow]:
    """Yield the state of every answer of a campaign, and of every skipped task, by assignment.

    An answer is a current one, complete or not; undone ones are none. Close the generator.
    """
    query = (
        select(  # type: ignore[call-overload]  # SQLModel types up to four columns
            Assignment.id, Assignment.version, _REASON, Task.is_gold, Assignment.finalized_by
        )
        .select_from(Assignment)
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .where(
            col(Assignment.campaign_id) == campaign_id,
            or_(
                col(Assignment.value).is_not(None),
                col(Assignment.state) == AssignmentState.SKIPPED,
            ),
        )
        .order_by(col(Assignment.id))
    )
    options = {"yield_per": STATES_CHUNK_SIZE}
    with session.connection().execute(query, execution_options=options) as streamed:
        for chunk in streamed.partitions():
            yield from (AnswerStateRow(*row) for row in chunk)


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
    query = _CURRENT_VERSIONS.where(col(Assignment.campaign_id) == campaign_id)
    if not with_gold:
        query = query.where(col(Task.is_gold).is_(False))
    if only_final:
        query = query.where(col(Assignment.finalized_by).is_not(None))
    yield from _stream(session, _sort_by_prompt(query) if by_prompt else query)


def stream_versions(
    session: Session, campaign_id: int, versions: Mapping[int, int], *, by_prompt: bool = False
) -> Generator[tuple[LabelRow, ItemRow]]:
    """Yield given versions of answers, by assignment, in the order of `stream_labels`.

    Versions that no longer exist are missing. Every version of the campaign is read. Close the
    generator.
    """
    query = _VERSIONS.where(col(Assignment.campaign_id) == campaign_id)
    ordered = _sort_by_prompt(query) if by_prompt else query
    yield from _stream(session, ordered, lambda row: versions.get(row.assignment_id) == row.version)


def _sort_by_prompt(query: Select[Any]) -> Select[Any]:
    shared = (cast(col(Item.prompt), Text), cast(col(Item.media), Text))
    by_item = (col(Task.item_id), col(Expert.pseudonym), col(Annotation.version))
    joined = query.join(Item, col(Item.id) == col(Task.item_id))
    return joined.order_by(None).order_by(*shared, *by_item)


def _stream(
    session: Session, query: Select[Any], is_wanted: Callable[[LabelRow], bool] = lambda _row: True
) -> Generator[tuple[LabelRow, ItemRow]]:
    options = {"yield_per": CHUNK_SIZE}
    with session.connection().execute(query, execution_options=options) as streamed:
        for chunk in streamed.partitions():
            rows = [row for row in (LabelRow(*row) for row in chunk) if is_wanted(row)]
            items_by_id = items.items_by_id(session, {row.item_id for row in rows})
            yield from (
                (row, items_by_id[row.item_id]) for row in rows if row.item_id in items_by_id
            )
