"""Rows of an export from templates: for formats that only copy texts, and most campaigns.

An item has a template if it is plain, has no decision, and its answers have no long text. All other
items take the general way, in their place. Templates are built with the same functions, so that
both ways give the same rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, TypeAlias

import orjson
from sqlmodel import Session

from bot.exports.dataset_details import PROVENANCE_COLUMNS
from bot.exports.formats.format import Format, LeftOutLabel
from bot.exports.label_record import ItemLabels, LabelRecord
from bot.exports.row_templates import RowBatch, RowTemplate, build_template, encode_texts
from bot.services.answers.labels import ItemBuilder
from bot.services.exports.item_counts import ItemCounts, candidates_of
from bot.services.exports.item_shapes import ItemShape, item_of_shape, read_prompts, shape_of
from bot.services.reports.model_counter import Contest, contest_of
from storage.queries import item_texts, labels, reviews
from storage.queries.item_texts import StoredItem
from storage.row_id import id_of
from storage.tables import Campaign

MAX_TEMPLATES = 2_000
"""Templates of an export; items with other combinations of answers take the general way."""

_PROVENANCE = re.compile("|".join(map(re.escape, PROVENANCE_COLUMNS)))
"""Finds the name of a column of which provenance is counted in stored metadata."""

SelectLabels: TypeAlias = Callable[[Iterable[ItemLabels]], Iterable[LabelRecord | LeftOutLabel]]
"""Returns the labels of items that an export includes, item by item, and what it leaves out."""


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


TemplateMatch: TypeAlias = tuple[ItemTemplate, Sequence[str]]
"""The template of an item, and its texts by slot."""


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
        found = list(map(self._find_template, chunk, read_prompts(chunk)))
        pairs = list(zip(chunk, found, strict=True))
        others = self._read_others([item.item_id for item, match in pairs if match is None])
        for has_template, run in groupby(pairs, key=lambda pair: pair[1] is not None):
            if has_template:
                yield self._build_batch([(item, match) for item, match in run if match])
            else:
                yield from self.labels_of(islice(others, sum(1 for _ in run)))

    def labels_of(self, items: Iterable[ItemLabels]) -> Iterable[LabelRecord | LeftOutLabel]:
        """Return the labels of items that take the general way."""
        counts = self._query.counts
        return self._query.select(counts.count_items(items) if counts else items)

    def finish_counts(self) -> None:
        """Count the agreement of all items that had a template, but for the first of each."""
        if self._query.counts:
            for template in self._templates.values():
                self._query.counts.agreement.add_same(template.labels, template.items - 1)

    def _build_batch(self, items: Sequence[tuple[StoredItem, TemplateMatch]]) -> RowBatch:
        batch = RowBatch()
        models = self._query.counts.models if self._query.counts else None
        encoded = iter(encode_texts([text for _item, (_, texts) in items for text in texts]))
        for item, (template, texts) in items:
            template.items += 1
            own = list(islice(encoded, len(texts)))
            template.rows.add_item(batch, own, _provenance_of(item))
            if template.contest and models:
                models.add_contest(template.contest, [response[1] for response in item.responses])
        return batch

    def _find_template(
        self, item: StoredItem, prompt: Sequence[Mapping[str, Any]]
    ) -> TemplateMatch | None:
        """Return the template of an item and its texts; None if it takes the general way."""
        read = None if item.item_id in self._builder.decisions else shape_of(item, prompt)
        if read is None:
            return None
        shape, texts = read
        template = self._templates.get(shape)
        if template is None and len(self._templates) < self._query.max_templates:
            template = self._templates[shape] = self._build_template(shape)
        return (template, texts) if template else None

    def _build_template(self, shape: ItemShape) -> ItemTemplate:
        (item,) = self._builder.answered_items(item_of_shape(shape))
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


def _provenance_of(item: StoredItem) -> dict[str, object] | None:
    """Return the metadata of an item if it has columns of which provenance is counted."""
    if not _PROVENANCE.search(item.meta):
        return None
    meta: dict[str, object] = orjson.loads(item.meta)
    return meta
