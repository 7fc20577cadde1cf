"""Items with their answers as stored text, for exports that copy texts without reading them."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Text, and_, cast
from sqlmodel import Session, col, select

from storage.listed_values import bind_values, is_listed
from storage.queries.labels import CHUNK_SIZE, select_current
from storage.tables import Annotation, Assignment, CandidateRow, Expert, Item, Task


class StoredLabel(NamedTuple):
    """An answer; `value` and `candidate_order` are JSON as stored."""

    item_id: int
    pseudonym: str
    value: str
    candidate_order: str
    finalized_by: str | None
    has_text: bool


class StoredResponse(NamedTuple):
    """A candidate; `is_plain` if it has nothing but its text and its model."""

    item_id: int
    text: str
    model: str | None
    is_plain: bool


class StoredItem(NamedTuple):
    """An answered item; `prompt` and `meta` are JSON as stored.

    It is plain if it is not deleted and neither its prompt nor a response has media, and no
    response has turns or other keys of its own.
    """

    item_id: int
    key: str
    prompt: str
    meta: str
    is_plain: bool
    responses: Sequence[StoredResponse]
    answers: Sequence[StoredLabel]


_ANSWER_COLUMNS: tuple[Any, ...] = (
    Task.item_id,
    Expert.pseudonym,
    cast(col(Annotation.value), Text),
    cast(col(Assignment.candidate_order), Text),
    Assignment.finalized_by,
    Task.has_text,
)

_ITEM_COLUMNS: tuple[Any, ...] = (
    Item.id,
    Item.key,
    cast(col(Item.prompt), Text),
    cast(col(Item.meta), Text),
    and_(col(Item.deleted_at).is_(None), cast(col(Item.media), Text) == "[]"),
)

_RESPONSE_COLUMNS: tuple[Any, ...] = (
    CandidateRow.item_id,
    CandidateRow.text,
    CandidateRow.model,
    and_(
        cast(col(CandidateRow.media), Text) == "[]",
        cast(col(CandidateRow.turns), Text) == "[]",
        col(CandidateRow.extra).is_(None),
    ),
)


def stream_item_texts(
    session: Session, campaign_id: int, *, only_final: bool
) -> Generator[list[StoredItem]]:
    """Yield the answered items of a campaign without gold questions, some at a time.

    Answers, and their order, are those of `stream_labels`. Close the generator.
    """
    query = select_current(_ANSWER_COLUMNS, campaign_id, with_gold=False, only_final=only_final)
    options = {"yield_per": CHUNK_SIZE}
    with session.connection().execute(query, execution_options=options) as streamed:
        unfinished: list[tuple[Any, ...]] = []
        for chunk in streamed.partitions():
            rows = [*unfinished, *chunk]
            last = rows[-1][0]
            unfinished = [row for row in rows if row[0] == last]
            yield _load_items(session, rows[: len(rows) - len(unfinished)])
        yield _load_items(session, unfinished)


def _load_items(session: Session, rows: Iterable[tuple[Any, ...]]) -> list[StoredItem]:
    answers = {
        item_id: [StoredLabel._make(row) for row in of_item]
        for item_id, of_item in groupby(rows, key=itemgetter(0))
    }
    connection, listed = session.connection(), bind_values(session, list(answers))
    query = select(*_RESPONSE_COLUMNS).where(is_listed(session, CandidateRow.item_id))
    ordered = query.order_by(col(CandidateRow.item_id), col(CandidateRow.position))
    responses: dict[int, list[StoredResponse]] = {item_id: [] for item_id in answers}
    for row in connection.execute(ordered, listed):
        responses[row[0]].append(StoredResponse._make(row))
    found = connection.execute(select(*_ITEM_COLUMNS).where(is_listed(session, Item.id)), listed)
    items = {row[0]: row for row in found}
    return [
        _with_answers(items[item_id], responses[item_id], given)
        for item_id, given in answers.items()
    ]


def _with_answers(
    item: Sequence[Any], responses: list[StoredResponse], answers: list[StoredLabel]
) -> StoredItem:
    item_id, key, prompt, meta, is_plain = item
    are_plain = is_plain and all(response[3] for response in responses)
    return StoredItem(item_id, key, prompt, meta, bool(are_plain), responses, answers)
