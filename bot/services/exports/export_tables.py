"""Tables of an export: answers read, made labels by the options, and rows by the formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pkgutil import resolve_name
from typing import TYPE_CHECKING, cast

from sqlmodel import Session

from bot.exports.agreement_count import AgreementCount
from bot.exports.deduplication import Deduplication
from bot.exports.formats.format import Format, LeftOutLabel
from bot.exports.label_record import ItemLabels, LabelRecord
from bot.exports.media_columns import NO_MEDIA, MediaTypes, with_media_columns
from bot.exports.meta_columns import with_meta_columns
from bot.exports.new_answers import IsNew, mark_new
from bot.exports.pseudonyms import NO_PSEUDONYMS, Pseudonymizer
from bot.exports.row_options import Aggregate, RowOptions
from bot.exports.snapshot import ExportSnapshot
from bot.exports.table_labels import needs_rating_pairs, select_table
from bot.exports.tables import ExportTable
from bot.kinds import kind_named
from bot.kinds.content import Candidate
from bot.kinds.label import Label, Preference, Ranking
from bot.services.answers.labels import iter_items
from bot.services.exports.share_rules import FittedRule, VoteSource, fit_rule
from bot.services.exports.supported_formats import tables_of
from bot.services.reports.model_counter import ModelCounter
from bot.services.reports.model_ranks import can_rank_models
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
        agreement: counts the answers of the first table.
        models: counts the models in its items, if it reads all current answers.
        duplicate_rows: number of rows left out as duplicates, by format.
    """

    tables: list[ExportTable]
    fitted: Mapping[Aggregate, FittedRule | None]
    redaction: Redaction | None
    agreement: AgreementCount = field(default_factory=AgreementCount)
    duplicate_rows: dict[str, int] = field(default_factory=dict)
    models: ModelCounter | None = None


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
    built = BuiltTables([], fitted, redaction, models=models)
    for export_format, aggregate in requested:
        table = _TableQuery(
            query, export_format, fitted[aggregate], None if built.tables else built
        )
        labels = _iter_labels(session, table)
        records = built.redaction.redact_labels(labels) if built.redaction else labels
        with_media = with_media_columns(export_format, query.media)
        changed = _with_options(with_media, query.options, built.duplicate_rows)
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
    """The query of one table; `built` has what counts its items, None if they are not counted."""

    export: ExportQuery
    format: Format
    fitted: FittedRule | None
    built: BuiltTables | None


def _iter_labels(session: Session, table: _TableQuery) -> Iterator[LabelRecord | LeftOutLabel]:
    """Yield the labels of a table, and the answers that have none."""
    query = table.export
    coverage = {"with_gold": table.format.includes_uncounted, "only_final": query.only_final}
    snapshot = query.snapshot if query.is_replay else None
    is_paired = needs_rating_pairs(table.format, kind_named(query.campaign.kind).example.label)
    read = iter_items(session, query.campaign, **coverage, by_prompt=is_paired, snapshot=snapshot)
    with closing(read) as items:
        counted = _count_items(items, table.built) if table.built else items
        prepared = (_prepare_item(item, query) for item in counted)
        rule = table.fitted.rule if table.fitted else None
        yield from select_table(
            prepared, table.format, query.options, rule, has_rating_pairs=is_paired
        )
    for reason, count in query.snapshot.count_unlabeled(**coverage).items():
        yield LeftOutLabel(UNCOUNTED_REASONS[UncountedAnswer(reason)], count)


def _count_items(items: Iterable[ItemLabels], built: BuiltTables) -> Iterator[ItemLabels]:
    """Yield items, and count their answers and models."""
    for item in built.agreement.count_items(items):
        if built.models and item.answers and not item.answers[0].is_gold:
            labels = [answer.label for answer in item.answers]
            built.models.add(labels, _candidates_of(labels[0]))
        yield item


def _candidates_of(label: Label) -> Sequence[Candidate]:
    """Return the responses that a label compares; empty if it compares none."""
    match label:
        case Preference():
            return label.left, label.right
        case Ranking():
            return label.candidates
        case _:
            return ()


def _prepare_item(item: ItemLabels, query: ExportQuery) -> ItemLabels:
    renamed = query.pseudonymizer.rename_item(item)
    return mark_new(renamed, query.is_new) if query.is_new else renamed
