"""Tables of an export: answers read, made labels by the options, and rows by the formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pkgutil import resolve_name
from typing import TYPE_CHECKING, cast

from sqlmodel import Session

from bot.exports.deduplication import Deduplication
from bot.exports.export_choices import Evidence
from bot.exports.formats.format import Format, LeftOutLabel
from bot.exports.label_record import ItemLabels, LabelRecord
from bot.exports.media_columns import NO_MEDIA, MediaTypes, with_media_columns
from bot.exports.meta_columns import with_meta_columns
from bot.exports.new_answers import IsNew, mark_new
from bot.exports.pseudonyms import NO_PSEUDONYMS, Pseudonymizer
from bot.exports.row_options import Aggregate, RowOptions
from bot.exports.row_templates import RowBatch
from bot.exports.snapshot import ExportSnapshot
from bot.exports.table_labels import needs_rating_pairs, select_table
from bot.exports.tables import ExportTable
from bot.kinds import kind_named
from bot.quality.aggregation.shares import EqualWeights
from bot.services.answers.labels import iter_items
from bot.services.exports import templated_rows
from bot.services.exports.item_counts import ItemCounts
from bot.services.exports.share_rules import FittedRule, VoteSource, fit_rule
from bot.services.exports.supported_formats import tables_of
from bot.services.exports.templated_rows import TemplateQuery
from bot.services.reports.model_counter import ModelCounter
from bot.services.reports.model_ranks import RANKED_KINDS, can_rank_models
from storage.queries.labels import UncountedAnswer
from storage.tables import Campaign

if TYPE_CHECKING:
    from bot.exports.redaction import Redaction

REDACTION = "bot.exports.redaction:Redaction"
"""Imported on first use: RE2 is rarely needed."""

UNCOUNTED_REASONS = {
    UncountedAnswer.REPEAT: "pair repeated with its sides exchanged",
    UncountedAnswer.PRACTICE: "practice question",
    UncountedAnswer.CONFIRMATION: "confirmation of another answer",
    UncountedAnswer.SKIPPED: "skipped by the expert",
    UncountedAnswer.EXCLUDED: "excluded by a coordinator",
    UncountedAnswer.INCOMPLETE: "not complete",
    UncountedAnswer.GOLD: "gold question",
    UncountedAnswer.NOT_FINAL: "can still be changed",
}


@dataclass(frozen=True, slots=True)
class ExportQuery:
    """What an export reads, and how that becomes rows.

    Attributes:
        campaign: the campaign, in the state of the snapshot.
        format_name: the format, of one table or of several.
        options: the options of the rows.
        snapshot: what is read.
        only_final: leave out answers that can still be changed.
        is_replay: the database has changed since the snapshot.
        is_new: which labels are new, if the options say since when.
        pseudonymizer: names the experts.
        media: the types of media of the items.
    """

    campaign: Campaign
    format_name: str
    options: RowOptions
    snapshot: ExportSnapshot
    only_final: bool = False
    is_replay: bool = False
    is_new: IsNew | None = None
    pseudonymizer: Pseudonymizer = NO_PSEUDONYMS
    media: MediaTypes = NO_MEDIA


@dataclass(frozen=True, slots=True)
class BuiltTables:
    """The tables of an export, and what is counted while they are written.

    Attributes:
        tables: each is read when it is written.
        fitted: the rule of each aggregation.
        redaction: counts the replaced texts by pattern; None if nothing is redacted.
        counts: counts the items of the first table.
        duplicate_rows: number of rows left out as duplicates, by format.
    """

    tables: list[ExportTable]
    fitted: Mapping[Aggregate, FittedRule | None]
    redaction: Redaction | None
    counts: ItemCounts = field(default_factory=ItemCounts)
    duplicate_rows: dict[str, int] = field(default_factory=dict)


def build_tables(session: Session, query: ExportQuery) -> BuiltTables:
    """Return the tables of an export; nothing but the votes is read before they are written."""
    requested = tables_of(query.campaign, query.format_name, query.options)
    source = VoteSource(
        session, query.campaign, query.snapshot if query.is_replay else None, query.pseudonymizer
    )
    fitted = {aggregate: fit_rule(source, aggregate) for _format, aggregate in requested}
    reads_all = not query.only_final and not query.is_replay
    models = ModelCounter() if reads_all and can_rank_models(session, query.campaign) else None
    redaction = _load_redaction(query.options.redact)
    built = BuiltTables([], fitted, redaction, ItemCounts(models=models))
    for export_format, aggregate in requested:
        table = _TableQuery(
            query, export_format, fitted[aggregate], None if built.tables else built.counts
        )
        with_media = with_media_columns(export_format, query.media)
        changed = _with_options(with_media, query.options, built.duplicate_rows)
        if table.has_templates:
            rows = _iter_templated(session, table)
            built.tables.append(ExportTable(changed, rows, aggregate))
            continue
        labels = _iter_labels(session, table)
        records = built.redaction.redact_labels(labels) if built.redaction else labels
        built.tables.append(ExportTable(changed, records, aggregate))
    return built


def _load_redaction(patterns: tuple[str, ...]) -> Redaction | None:
    if not patterns:
        return None
    load = cast("Callable[[tuple[str, ...]], Redaction]", resolve_name(REDACTION))
    return load(patterns)


def _with_options(
    export_format: Format, options: RowOptions, duplicate_rows: dict[str, int]
) -> Format:
    """Return the format without duplicate rows and with further columns, as the options say."""
    if options.deduplicates and not export_format.includes_uncounted:
        export_format = Deduplication(export_format, duplicate_rows).distinct_format()
    return with_meta_columns(export_format, options.meta)


@dataclass(frozen=True, slots=True)
class _TableQuery:
    """The query of one table; `counts` is None if its items are not counted."""

    export: ExportQuery
    format: Format
    fitted: FittedRule | None
    counts: ItemCounts | None

    @property
    def coverage(self) -> dict[str, bool]:
        """Return which answers have labels."""
        return {"with_gold": self.format.includes_uncounted, "only_final": self.export.only_final}

    @property
    def has_templates(self) -> bool:
        """Return whether rows that differ only in their texts can be made from one template.

        Options that read texts, times or metadata, or that name each expert, prevent it.
        """
        query, options = self.export, self.export.options
        needs_labels = (
            *(query.is_replay, query.is_new, query.pseudonymizer.key, query.media != NO_MEDIA),
            *(options.since, options.splits, options.meta, options.deduplicates, options.redact),
            options.evidence is not Evidence.ANY,
            self.fitted is not None and not isinstance(self.fitted.rule, EqualWeights),
        )
        is_compared = query.campaign.kind in RANKED_KINDS
        return self.format.copies_texts and is_compared and not any(needs_labels)

    def select(self, items: Iterable[ItemLabels]) -> Iterator[LabelRecord | LeftOutLabel]:
        """Yield the labels of items that are in the table, and the answers that are left out."""
        return select_table(
            items,
            self.format,
            self.export.options,
            self.fitted.rule if self.fitted else None,
            has_rating_pairs=self.has_rating_pairs,
        )

    @property
    def has_rating_pairs(self) -> bool:
        """Return whether ratings become pairs, for which those of a prompt follow each other."""
        return needs_rating_pairs(self.format, kind_named(self.export.campaign.kind).example.label)

    def count_unlabeled(self) -> Iterator[LeftOutLabel]:
        """Yield the answers that have no label."""
        for reason, number in self.export.snapshot.count_unlabeled(**self.coverage).items():
            yield LeftOutLabel(UNCOUNTED_REASONS[UncountedAnswer(reason)], number)


def _iter_templated(
    session: Session, table: _TableQuery
) -> Iterator[LabelRecord | LeftOutLabel | RowBatch]:
    """Yield finished rows of a table, the other labels, and the answers that have none."""
    query = table.export
    yield from templated_rows.iter_rows(
        session,
        TemplateQuery(query.campaign, table.format, query.only_final, table.select, table.counts),
    )
    yield from table.count_unlabeled()


def _iter_labels(session: Session, table: _TableQuery) -> Iterator[LabelRecord | LeftOutLabel]:
    """Yield the labels of a table, and the answers that have none."""
    query = table.export
    read = iter_items(
        session,
        query.campaign,
        **table.coverage,
        by_prompt=table.has_rating_pairs,
        snapshot=query.snapshot if query.is_replay else None,
    )
    with closing(read) as items:
        counted = table.counts.count_items(items) if table.counts else items
        yield from table.select(_prepare_item(item, query) for item in counted)
    yield from table.count_unlabeled()


def _prepare_item(item: ItemLabels, query: ExportQuery) -> ItemLabels:
    renamed = query.pseudonymizer.rename_item(item)
    return mark_new(renamed, query.is_new) if query.is_new else renamed
