"""Items with their answers as stored text, for exports that copy texts without reading them."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Integer, Text, and_, cast, type_coerce
from sqlmodel import Session, col, select

from storage.listed_values import bind_values, is_listed
from storage.prepared_statements import PreparedStatement
from storage.queries.labels import CHUNK_SIZE, select_current
from storage.tables import Annotation, Assignment, CandidateRow, Expert, Item, Task

StoredAnswer: TypeAlias = tuple[int, str, str, str, str | None, bool]
"""An answer: its item, the pseudonym of the expert, value and candidate order as stored JSON, what
made it final, and whether the item has its texts."""

StoredResponse: TypeAlias = tuple[int, str, str | None, bool]
"""A candidate: its item, its text, its model, and whether it has nothing else."""


class StoredItem(NamedTuple):
    """An answered item; `prompt` and `meta` are JSON as stored.

    It is plain if it is not deleted and its prompt has no media.
    """

    item_id: int
    key: str
    prompt: str
    meta: str
    is_plain: bool
    responses: Sequence[StoredResponse]
    answers: Sequence[StoredAnswer]


def _as_stored(condition: Any) -> ColumnElement[int]:  # noqa: ANN401 - SQLModel types columns as their values
    """Return a condition whose value is not converted: SQLite has 0 and 1."""
    return type_coerce(condition, Integer)


_ANSWER_COLUMNS: tuple[Any, ...] = (
    Task.item_id,
    Expert.pseudonym,
    cast(col(Annotation.value), Text),
    cast(col(Assignment.candidate_order), Text),
    Assignment.finalized_by,
    _as_stored(col(Task.has_text)),
)

_ITEM_COLUMNS: tuple[Any, ...] = (
    Item.id,
    Item.key,
    cast(col(Item.prompt), Text),
    cast(col(Item.meta), Text),
    _as_stored(and_(col(Item.deleted_at).is_(None), cast(col(Item.media), Text) == "[]")),
)

_RESPONSE_COLUMNS: tuple[Any, ...] = (
    CandidateRow.item_id,
    CandidateRow.text,
    CandidateRow.model,
    _as_stored(
        and_(
            cast(col(CandidateRow.media), Text) == "[]",
            cast(col(CandidateRow.turns), Text) == "[]",
            col(CandidateRow.extra).is_(None),
        )
    ),
)


def stream_item_texts(
    session: Session, campaign_id: int, *, only_final: bool
) -> Generator[list[StoredItem]]:
    """Yield the answered items of a campaign without gold questions, some at a time.

    Answers, and their order, are those of `stream_labels`. Close the generator.
    """
    query = select_current(_ANSWER_COLUMNS, campaign_id, with_gold=False, only_final=only_final)
    loader = _ItemLoader(session)
    options = {"yield_per": CHUNK_SIZE}
    with session.connection().execute(query, execution_options=options) as streamed:
        unfinished: list[Any] = []
        for chunk in streamed.partitions():
            rows = [*unfinished, *chunk]
            last = rows[-1][0]
            unfinished = [row for row in rows if row[0] == last]
            yield loader.load(rows[: len(rows) - len(unfinished)])
        yield loader.load(unfinished)


class _ItemLoader:
    """Loads items with two statements, which are compiled once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._items = PreparedStatement(select(*_ITEM_COLUMNS).where(is_listed(session, Item.id)))
        self._responses = PreparedStatement(
            select(*_RESPONSE_COLUMNS)
            .where(is_listed(session, CandidateRow.item_id))
            .order_by(col(CandidateRow.item_id), col(CandidateRow.position))
        )

    def load(self, answers: Iterable[StoredAnswer]) -> list[StoredItem]:
        """Return the items of answers that are sorted by item."""
        by_item = _group_by_item(answers)
        listed = bind_values(self._session, list(by_item))
        responses = _group_by_item(self._responses.rows(self._session, **listed))
        items = {row[0]: row for row in self._items.rows(self._session, **listed)}
        return [
            StoredItem._make((*items[item_id], responses.get(item_id, ()), given))
            for item_id, given in by_item.items()
        ]


def _group_by_item(rows: Iterable[Any]) -> dict[int, list[Any]]:
    return {item_id: list(of_item) for item_id, of_item in groupby(rows, key=itemgetter(0))}
