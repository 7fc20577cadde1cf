"""Answers for an export: the current ones that count, streamed with their items."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Generator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, and_, case, cast, or_
from sqlmodel import Session, col, select

from storage.listed_values import bind_values, is_listed
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


def _select_versions(*columns: Any) -> Select[Any]:  # noqa: ANN401 - SQLModel types columns as their values
    query: Select[Any] = (
        select(*columns)
        .select_from(Assignment)
        .join(Annotation, and_(col(Annotation.assignment_id) == col(Assignment.id)))
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Expert, col(Expert.id) == col(Assignment.expert_id))
        .where(col(Task.confirms_assignment_id).is_(None), col(Annotation.complete))
        .order_by(col(Task.item_id), col(Expert.pseudonym), col(Annotation.version))
    )
    return query


def select_current(
    columns: Sequence[Any], campaign_id: int, *, with_gold: bool, only_final: bool
) -> Select[Any]:
    """Return the query of the complete answers of a campaign, in the order of `stream_labels`."""
    query = _select_versions(*columns).where(
        col(Assignment.campaign_id) == campaign_id,
        col(Annotation.version) == col(Assignment.version),
        col(Assignment.state) == AssignmentState.ANSWERED,
        col(Assignment.complete),
    )
    if not with_gold:
        query = query.where(col(Task.is_gold).is_(False))
    return query.where(col(Assignment.finalized_by).is_not(None)) if only_final else query


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


class StoredState(NamedTuple):
    """The state of an answer; `reason` is one of the first `UncountedAnswer`, or empty."""

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


def answers_by_state(session: Session, campaign_id: int) -> dict[StoredState, array[int]]:
    """Return the assignments of all answers of a campaign, and of skipped tasks, by their state.

    An answer is a current one, complete or not; undone ones are none. Numbers are sorted.
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
    found: defaultdict[tuple[Any, ...], array[int]] = defaultdict(lambda: array("q"))
    options = {"yield_per": STATES_CHUNK_SIZE}
    with session.connection().execute(query, execution_options=options) as streamed:
        for chunk in streamed.partitions():
            for number, version, reason, is_gold, finalized_by in chunk:
                found[version, reason, is_gold, finalized_by].append(number)
    return {StoredState._make(state): numbers for state, numbers in found.items()}


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
    query = select_current(LABEL_COLUMNS, campaign_id, with_gold=with_gold, only_final=only_final)
    yield from _stream(session, _sort_by_prompt(query) if by_prompt else query)


def stream_labels_of(
    session: Session, campaign_id: int, item_ids: Sequence[int], *, only_final: bool
) -> Generator[tuple[LabelRow, ItemRow]]:
    """Yield what `stream_labels` yields of some items, without gold questions. Close it."""
    query = select_current(LABEL_COLUMNS, campaign_id, with_gold=False, only_final=only_final)
    listed = query.where(is_listed(session, Task.item_id))
    yield from _stream(session, listed, parameters=bind_values(session, item_ids))


def stream_versions(
    session: Session, campaign_id: int, versions: Mapping[int, int], *, by_prompt: bool = False
) -> Generator[tuple[LabelRow, ItemRow]]:
    """Yield given versions of answers, by assignment, in the order of `stream_labels`.

    Versions that no longer exist are missing. Every version of the campaign is read. Close the
    generator.
    """
    query = _select_versions(*LABEL_COLUMNS).where(col(Assignment.campaign_id) == campaign_id)
    ordered = _sort_by_prompt(query) if by_prompt else query
    yield from _stream(session, ordered, lambda row: versions.get(row.assignment_id) == row.version)


def _sort_by_prompt(query: Select[Any]) -> Select[Any]:
    shared = (cast(col(Item.prompt), Text), cast(col(Item.media), Text))
    by_item = (col(Task.item_id), col(Expert.pseudonym), col(Annotation.version))
    joined = query.join(Item, col(Item.id) == col(Task.item_id))
    return joined.order_by(None).order_by(*shared, *by_item)


def _stream(
    session: Session,
    query: Select[Any],
    is_wanted: Callable[[LabelRow], bool] = lambda _row: True,
    parameters: Mapping[str, object] | None = None,
) -> Generator[tuple[LabelRow, ItemRow]]:
    options = {"yield_per": CHUNK_SIZE}
    connection = session.connection()
    with connection.execute(query, parameters, execution_options=options) as streamed:
        for chunk in streamed.partitions():
            rows = [row for row in (LabelRow(*row) for row in chunk) if is_wanted(row)]
            items_by_id = items.items_by_id(session, {row.item_id for row in rows})
            yield from (
                (row, items_by_id[row.item_id]) for row in rows if row.item_id in items_by_id
            )
