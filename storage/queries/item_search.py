"""Search of a campaign's items by key, text, model, domain and state; one page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_
from sqlmodel import Session, col, select

from storage.tables import Assignment, AssignmentState, CandidateRow, Item, Task


class ItemState(StrEnum):
    """State of an item: the first of these that applies, in the order of `_STATE`."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"
    ON_HOLD = "on_hold"
    GOLD = "gold"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What to search for; an empty part matches every item.

    `text` is part of what experts read, `key` part of the item's key; upper and lower case are
    equal. `any_part` is part of either, and matches the item `referenced_id` too. `model` is the
    exact name of the model of a candidate. `domain` is a domain of the item; `campaign_domains`
    apply to items without any. Deleted items match only their own state.
    """

    text: str = ""
    key: str = ""
    any_part: str = ""
    referenced_id: int | None = None
    state: ItemState | None = None
    model: str = ""
    domain: str = ""
    campaign_domains: tuple[str, ...] = ()


class FoundItem(NamedTuple):
    """An item and its progress. `overlap` is how many answers it needs; None for gold."""

    item_id: int
    task_id: int
    key: str
    state: str
    answers: int
    overlap: int | None
    on_hold_reason: str | None
    created_at: datetime
    deleted_at: datetime | None


_ANSWERS = (
    select(func.count())
    .select_from(Assignment)
    .where(
        col(Assignment.task_id) == col(Task.id),
        Assignment.state == AssignmentState.ANSWERED,
    )
    .correlate(Task)
    .scalar_subquery()
)

_STATE: Any = case(
    (col(Task.is_deleted), literal(ItemState.DELETED.value)),
    (col(Task.on_hold_since).is_not(None), literal(ItemState.ON_HOLD.value)),
    (col(Task.is_gold), literal(ItemState.GOLD.value)),
    (col(Task.overlap) <= _ANSWERS, literal(ItemState.COMPLETE.value)),
    (_ANSWERS > 0, literal(ItemState.IN_PROGRESS.value)),
    else_=literal(ItemState.NEW.value),
)

_FOUND: Any = select(  # type: ignore[call-overload]  # SQLModel types up to four columns
    Item.id,
    Task.id,
    Item.key,
    _STATE.label("state"),
    _ANSWERS.label("answers"),
    case((col(Task.is_gold), None), else_=col(Task.overlap)),
    Task.on_hold_reason,
    Item.created_at,
    Item.deleted_at,
).join(Task, and_(col(Task.item_id) == col(Item.id), col(Task.confirms_assignment_id).is_(None)))


def find_items(
    session: Session, campaign_id: int, wanted: ItemFilter, *, limit: int, offset: int = 0
) -> list[FoundItem]:
    """Return up to `limit` items of a campaign after the first `offset`, in imported order."""
    query = _FOUND.where(*_conditions(session, campaign_id, wanted)).order_by(col(Item.id))
    return [FoundItem(*row) for row in session.execute(query.limit(limit).offset(offset))]


def count_items(session: Session, campaign_id: int, wanted: ItemFilter) -> int:
    """Return how many items `find_items` finds without a limit."""
    query = _FOUND.where(*_conditions(session, campaign_id, wanted)).subquery()
    return int(session.execute(select(func.count()).select_from(query)).scalar_one())


def found_item(session: Session, item_id: int) -> FoundItem | None:
    """Return an item with its progress, None if there is none with this id."""
    row = session.execute(_FOUND.where(col(Item.id) == item_id)).first()
    return FoundItem(*row) if row else None


def _conditions(
    session: Session, campaign_id: int, wanted: ItemFilter
) -> list[ColumnElement[bool]]:
    conditions = [col(Item.campaign_id) == campaign_id]
    if wanted.state is None:
        conditions.append(~col(Task.is_deleted))
    else:
        conditions.append(_STATE.in_((wanted.state.value,)))
    if wanted.any_part:
        conditions.append(_matches_any_part(session, wanted))
    if wanted.key:
        conditions.append(_contains(col(Item.key), wanted.key))
    if wanted.text:
        conditions.append(_shows(session, wanted.text))
    if wanted.model:
        conditions.append(_has_model(wanted.model))
    if wanted.domain:
        conditions.append(_has_domain(session, wanted.domain, wanted.campaign_domains))
    return conditions


def _matches_any_part(session: Session, wanted: ItemFilter) -> ColumnElement[bool]:
    is_referenced = col(Item.id) == wanted.referenced_id
    text = wanted.any_part
    return or_(_contains(col(Item.key), text), _shows(session, text), is_referenced)


def _contains(column: Any, text: str) -> ColumnElement[bool]:  # noqa: ANN401 - a text column
    """Return whether a column contains a text.

    SQLite folds the case of ASCII letters only, so other spellings are tried too.
    """
    spellings: Iterable[str] = {text}
    if not text.isascii():
        spellings = {text, text.lower(), text.upper(), text.title(), text.capitalize()}
    return or_(*(column.icontains(spelling, autoescape=True) for spelling in sorted(spellings)))


def _shows(session: Session, text: str) -> ColumnElement[bool]:
    """Return whether the prompt, the draft or a candidate contains a text."""
    candidate_has_text = exists().where(
        col(CandidateRow.item_id) == col(Item.id),
        or_(
            _contains(col(CandidateRow.text), text),
            _has_message(session, CandidateRow.turns, text),
        ),
    )
    return or_(
        _has_message(session, Item.prompt, text),
        _contains(col(Item.draft), text),
        candidate_has_text,
    )


def _has_message(session: Session, column: Any, text: str) -> ColumnElement[bool]:  # noqa: ANN401 - a JSON column
    """Return whether the content of one of the messages of a JSON column contains a text."""
    is_sqlite = session.connection().dialect.name == "sqlite"
    each = func.json_each if is_sqlite else func.json_array_elements
    messages = each(column).table_valued("value")
    content = (
        func.json_extract(messages.c.value, "$.content")
        if is_sqlite
        else messages.c.value.op("->>")("content")
    )
    return exists(select(literal(1)).select_from(messages).where(_contains(content, text)))


def _has_model(model: str) -> ColumnElement[bool]:
    return exists().where(
        col(CandidateRow.item_id) == col(Item.id), col(CandidateRow.model) == model
    )


def _has_domain(
    session: Session, domain: str, campaign_domains: Sequence[str]
) -> ColumnElement[bool]:
    is_sqlite = session.connection().dialect.name == "sqlite"
    each = func.json_each if is_sqlite else func.json_array_elements_text
    domains = each(Item.domains).table_valued("value")
    has_own = exists(
        select(literal(1)).select_from(domains).where(func.lower(domains.c.value) == domain.lower())
    )
    if domain.lower() not in {one.lower() for one in campaign_domains}:
        return has_own
    count = func.json_array_length(Item.domains)
    return or_(has_own, count == 0)
