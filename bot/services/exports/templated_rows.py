"""Rows of an export from templates: for formats that only copy texts, and most campaigns.

An item has a template if it is plain, has no decision, and its answers have no long text. All other
items take the general way, in their place. Templates are built with the same functions, so that
both ways give the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import NamedTuple, TypeAlias

import orjson
from sqlmodel import Session

from bot.exports.dataset_details import PROVENANCE_COLUMNS
from bot.exports.formats.format import Format, LeftOutLabel
from bot.exports.label_record import ItemLabels, LabelRecord
from bot.exports.row_templates import (
    RowBatch,
    RowTemplate,
    build_template,
    encode_text,
    placeholder,
)
from bot.kinds.rationale import REASON
from bot.services.answers.labels import ItemBuilder
from bot.services.exports.item_counts import ItemCounts, candidates_of
from bot.services.reports.model_counter import Contest, contest_of
from storage.queries import item_texts, labels, reviews
from storage.queries.item_texts import StoredItem
from storage.queries.items import ItemRow, ResponseRow
from storage.queries.labels import LabelRow
from storage.row_id import id_of
from storage.tables import Campaign

MAX_TEMPLATES = 2_000
"""Templates of an export; items with other combinations of answers take the general way."""

MAX_ANSWER_CHARS = 500
"""Longest answer, as JSON, that has a template: a longer one has a text that no other repeats."""

MESSAGE_KEYS = {"role", "content"}

ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)

SelectLabels: TypeAlias = Callable[[Iterable[ItemLabels]], Iterable[LabelRecord | LeftOutLabel]]
"""Returns the labels of items that an export includes, item by item, and what it leaves out."""


class ItemShape(NamedTuple):
    """What the rows of an item depend on beside its texts.

    Attributes:
        roles: the role of each turn of the prompt.
        models: the model of each response.
        answers: the value and the order of each answer as JSON, whether the item has its texts, and
            what made the answer final.
    """

    roles: tuple[str, ...]
    models: tuple[str | None, ...]
    answers: tuple[tuple[str, str, bool, str | None], ...]


@dataclass(slots=True)
class ItemTemplate:
    """The template of items with one shape, and what is counted for each of them.

    Attributes:
        rows: the template of their rows.
        labels: their labels, with placeholders.
        contest: what experts preferred in each of them; None if that is not counted.
        items: number of items so far.
    """

    rows: RowTemplate
    labels: ItemLabels
    contest: Contest | None
    items: int = 0


@dataclass(frozen=True, slots=True)
class TemplateQuery:
    """What becomes rows: the answers of a campaign in a format.

    Attributes:
        campaign: the campaign.
        format: a format that copies texts.
        only_final: leave out answers that can still be changed.
        select: selects labels of each item on its own.
        counts: counts the items; None if another table does.
        max_templates: number of templates after which other items take the general way.
    """

    campaign: Campaign
    format: Format
    only_final: bool
    select: SelectLabels
    counts: ItemCounts | None
    max_templates: int = MAX_TEMPLATES


def iter_rows(
    session: Session, query: TemplateQuery
) -> Iterator[RowBatch | LabelRecord | LeftOutLabel]:
    """Yield the rows of a campaign's items, and the labels of those that have no template."""
    campaign_id = id_of(query.campaign)
    builder = ItemBuilder(query.campaign, reviews.decisions_by_item(session, campaign_id))
    rows = _TemplatedRows(session, query, builder)
    stream = item_texts.stream_item_texts(session, campaign_id, only_final=query.only_final)
    with closing(stream) as chunks:
        for chunk in chunks:
            yield from rows.rows_of(chunk)
    rows.finish_counts()
    yield from rows.labels_of(builder.unanswered_items(session))


class _TemplatedRows:
    """The templates of an export, and the rows that they give."""

    def __init__(self, session: Session, query: TemplateQuery, builder: ItemBuilder) -> None:
        self._session, self._query, self._builder = session, query, builder
        self._templates: dict[ItemShape, ItemTemplate] = {}

    def rows_of(
        self, chunk: Sequence[StoredItem]
    ) -> Iterator[RowBatch | LabelRecord | LeftOutLabel]:
        """Yield the rows of items in their order, in as few batches as possible."""
        found = [self._find_template(item) for item in chunk]
        pairs = list(zip(chunk, found, strict=True))
        others = self._read_others([item.item_id for item, match in pairs if match is None])
        batch = RowBatch()
        for item, match in pairs:
            if match is None:
                yield batch
                batch = RowBatch()
                yield from self.labels_of([next(others)])
            else:
                self._add_item(batch, item, *match)
        yield batch

    def labels_of(self, items: Iterable[ItemLabels]) -> Iterable[LabelRecord | LeftOutLabel]:
        """Return the labels of items that take the general way."""
        counts = self._query.counts
        return self._query.select(counts.count_items(items) if counts else items)

    def finish_counts(self) -> None:
        """Count the agreement of all items that had a template, but for the first of each."""
        if self._query.counts:
            for template in self._templates.values():
                self._query.counts.agreement.add_same(template.labels, template.items - 1)

    def _add_item(
        self, batch: RowBatch, item: StoredItem, template: ItemTemplate, texts: Sequence[str]
    ) -> None:
        template.items += 1
        template.rows.add_item(batch, list(map(encode_text, texts)), _provenance_of(item))
        counts = self._query.counts
        if template.contest and counts and counts.models:
            counts.models.add_contest(template.contest, [one.text for one in item.responses])

    def _find_template(self, item: StoredItem) -> tuple[ItemTemplate, Sequence[str]] | None:
        """Return the template of an item and its texts; None if it takes the general way."""
        read = None if item.item_id in self._builder.decisions else _read_item(item)
        if read is None:
            return None
        shape, texts = read
        template = self._templates.get(shape)
        if template is None and len(self._templates) < self._query.max_templates:
            template = self._templates[shape] = self._build_template(shape)
        return (template, texts) if template else None

    def _build_template(self, shape: ItemShape) -> ItemTemplate:
        rows = _rows_with_placeholders(shape)
        (item,) = self._builder.answered_items(rows)
        contest, counts = None, self._query.counts
        if counts:
            counts.agreement.add_same(item, 1)
            if counts.models:
                given = [answer.label for answer in item.answers]
                models = [candidate.model for candidate in candidates_of(given[0])]
                contest = contest_of(given, models)
        texts = 1 + sum(map(len, shape))
        rows_template = build_template(self._query.select([item]), self._query.format, texts)
        return ItemTemplate(rows_template, item, contest)

    def _read_others(self, item_ids: Sequence[int]) -> Iterator[ItemLabels]:
        if item_ids:
            campaign_id, only_final = id_of(self._query.campaign), self._query.only_final
            read = labels.stream_labels_of(
                self._session, campaign_id, item_ids, only_final=only_final
            )
            with closing(read) as rows:
                yield from self._builder.answered_items(rows)


def _read_item(item: StoredItem) -> tuple[ItemShape, list[str]] | None:
    """Return the shape of an item, and its texts by slot; None if it can have no template."""
    if not item.is_plain or any(len(answer.value) > MAX_ANSWER_CHARS for answer in item.answers):
        return None
    turns = orjson.loads(item.prompt)
    if not all(turn.keys() == MESSAGE_KEYS for turn in turns):
        return None
    shape = ItemShape(
        tuple([turn["role"] for turn in turns]),
        tuple([response.model for response in item.responses]),
        tuple(
            [
                (_without_reason(value), order, has_text, finalized_by)
                for _item, _expert, value, order, finalized_by, has_text in item.answers
            ]
        ),
    )
    texts = [
        item.key,
        *[turn["content"] for turn in turns],
        *[response.text for response in item.responses],
        *[answer.pseudonym for answer in item.answers],
    ]
    return shape, texts


def _without_reason(value: str) -> str:
    """Return an answer without its reason, which formats that copy texts do not have."""
    if f'"{REASON}"' not in value:
        return value
    answer = orjson.loads(value)
    answer.pop(REASON, None)
    return orjson.dumps(answer).decode()


def _provenance_of(item: StoredItem) -> dict[str, object] | None:
    """Return the metadata of an item if it has columns of which provenance is counted."""
    if not any(name in item.meta for name in PROVENANCE_COLUMNS):
        return None
    meta: dict[str, object] = orjson.loads(item.meta)
    return meta


def _rows_with_placeholders(shape: ItemShape) -> list[tuple[LabelRow, ItemRow]]:
    """Return the answers to an item of a shape, with placeholders in the order of `_read_item`."""
    slots = count()
    key = placeholder(next(slots))
    turns = [{"role": role, "content": placeholder(next(slots))} for role in shape.roles]
    responses = [
        ResponseRow(placeholder(next(slots)), model, [], None, [], None) for model in shape.models
    ]
    item = ItemRow(key, turns, None, {}, responses, [], None, [], None, None)
    return [
        (_row_with_placeholder(answer, placeholder(next(slots))), item) for answer in shape.answers
    ]


def _row_with_placeholder(answer: tuple[str, str, bool, str | None], pseudonym: str) -> LabelRow:
    value, order, has_text, finalized_by = answer
    return LabelRow(
        assignment_id=0,
        item_id=0,
        pseudonym=pseudonym,
        candidate_order=orjson.loads(order),
        value=orjson.loads(value),
        version=1,
        answered_at=ANY_TIME,
        guidelines_version=1,
        shown=None,
        seconds=None,
        paused=False,
        is_gold=False,
        finalized_by=finalized_by,
        is_imported=False,
        has_text=has_text,
        has_opened=False,
    )
