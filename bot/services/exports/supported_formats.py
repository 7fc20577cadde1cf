"""The export formats that suit a kind of task."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.errors import BotError
from bot.exports.formats import DATASET, DATASET_FORMATS, FORMATS, format_named, list_formats
from bot.exports.formats.format import Format, LeftOutLabel
from bot.exports.label_record import LabelRecord
from bot.exports.row_options import Aggregate, RowOptions
from bot.exports.selection import UnsupportedAggregateError, aggregate_for
from bot.exports.table_labels import needs_rating_pairs
from bot.kinds import kind_named
from storage.tables import Campaign


class UnsupportedFormatError(BotError):
    """A {kind} campaign cannot be exported as {format}; use one of: {known}."""


class UnusedGapError(BotError):
    """A {format} export of a {kind} campaign has no pairs of ratings, so that no gap applies."""


def formats_for(kind_name: str) -> list[str]:
    """Return the formats that suit a kind, the usual one first and those of other targets last.

    Comparisons suit `sft` because experts may have written better responses.
    """
    label = kind_named(kind_name).example.label
    usual = usual_formats(kind_name)
    suitable = [name for name in FORMATS if isinstance(label, FORMATS[name].label_types)]
    own = [name for name in suitable if not FORMATS[name].target and name not in usual]
    others = [name for name in suitable if FORMATS[name].target]
    return [*usual[:-1], *own, usual[-1], *others]


def usual_formats(kind_name: str) -> list[str]:
    """Return our formats in which every answer can have a row, as the kind's example has.

    The format for analysis is the last; those of other targets are not included.
    """
    kind = kind_named(kind_name)
    example = LabelRecord(
        label=kind.example.label,
        item_key="",
        campaign="",
        kind=kind_name,
        expert="",
        answered_at=datetime.fromtimestamp(0, UTC),
        version=1,
        guidelines_version=1,
        value={},
    )
    return [
        name
        for name, export_format in FORMATS.items()
        if not export_format.target and not isinstance(export_format.to_rows(example), LeftOutLabel)
    ]


def aggregate_of(kind_name: str, export_format: Format, options: RowOptions) -> Aggregate:
    """Return how the answers of a campaign of this kind become rows.

    Raises:
        UnsupportedAggregateError, RankingClassesError: as requested is impossible.
    """
    label = kind_named(kind_name).example.label
    return aggregate_for(export_format, kind_name, label, options.aggregate)


def tables_of(campaign: Campaign, name: str, options: RowOptions) -> list[tuple[Format, Aggregate]]:
    """Return the tables of an export in the format called `name`: one, or several for `dataset`.

    The requested aggregation applies to the tables of a dataset that can be aggregated.

    Raises:
        NotFoundError: there is no such format.
        UnsupportedFormatError: the format does not suit the campaign; the message lists those that
            do.
        UnsupportedAggregateError, RankingClassesError: such an aggregation is impossible.
        UnusedGapError: the options have a gap, and the format has no pairs of ratings.
    """
    if name != DATASET:
        export_format = supported_format(campaign, name)
        label = kind_named(campaign.kind).example.label
        if options.gap is not None and not needs_rating_pairs(export_format, label):
            raise UnusedGapError(kind=campaign.kind, format=name)
        return [(export_format, aggregate_of(campaign.kind, export_format, options))]
    names = [known for known in formats_for(campaign.kind) if known in DATASET_FORMATS]
    return [_dataset_table(campaign, FORMATS[known], options) for known in names]


def _dataset_table(
    campaign: Campaign, export_format: Format, options: RowOptions
) -> tuple[Format, Aggregate]:
    try:
        return export_format, aggregate_of(campaign.kind, export_format, options)
    except UnsupportedAggregateError:
        return export_format, export_format.default_aggregate


def supported_format(campaign: Campaign, name: str) -> Format:
    """Return the format called `name`, if it suits the campaign.

    Raises:
        NotFoundError: there is no such format.
        UnsupportedFormatError: the format does not suit the campaign; the message lists those that
            do.
    """
    export_format = format_named(name)
    supported = formats_for(campaign.kind)
    if name not in supported:
        known = list_formats([*supported, DATASET])
        raise UnsupportedFormatError(kind=campaign.kind, format=name, known=known)
    return export_format
