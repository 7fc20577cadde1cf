"""Selection of an export's labels: which items are included, and how their answers become rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.errors import BotError
from bot.exports.consensus_label import ItemVotes, consensus_labels, separate_labels
from bot.exports.evidence import split_by_evidence
from bot.exports.export_choices import LAST, Evidence
from bot.exports.formats.format import Format, LeftOutLabel
from bot.exports.label_record import ItemLabels, LabelRecord
from bot.exports.row_options import Aggregate, RowOptions
from bot.kinds.label import Label, Ranking
from bot.quality.aggregation.shares import ShareRule

ROUNDING = 1e-9


class UnsupportedAggregateError(BotError):
    """{format} exports of {kind} campaigns cannot be aggregated: {reason}. Aggregate: none."""


class RankingClassesError(BotError):
    """The model of Dawid and Skene needs classes, not rankings; use majority or weighted."""


def aggregate_for(
    export_format: Format, kind: str, label: Label, requested: Aggregate | None
) -> Aggregate:
    """Return how labels like `label` become rows: as requested, or as usual for the format.

    Raises:
        UnsupportedAggregateError, RankingClassesError: it is impossible.
    """
    if requested is None:
        return export_format.default_aggregate
    if requested is Aggregate.NONE:
        return requested
    if not isinstance(label, export_format.aggregated_types):
        reason = (
            "the format has every answer"
            if export_format.includes_uncounted
            else "each response is a text of its own"
        )
        raise UnsupportedAggregateError(format=export_format.name, kind=kind, reason=reason)
    if requested is Aggregate.DAWID_SKENE and isinstance(label, Ranking):
        raise RankingClassesError
    return requested


def select_labels(
    items: Iterable[ItemLabels],
    export_format: Format,
    options: RowOptions,
    rule: ShareRule | None,
) -> Iterator[LabelRecord | LeftOutLabel]:
    """Yield the labels of an export, item by item, and the answers that are left out.

    A decision replaces the answers to its item, unless the format includes all. With `since`, an
    item is included if an answer to it or its decision is new; its answers still become one label
    together. Of labels that each stand for one answer, only the new ones are included.

    Args:
        items: read once, lazily.
        export_format: the format says which answers count.
        options: which items are included.
        rule: weighs the answers to an item, which become one label; None: each stays one.
    """
    for item in items:
        for label in _item_labels(item, export_format, options, rule):
            if isinstance(label, LeftOutLabel):
                yield label
            elif options.since and not label.is_new:
                yield LeftOutLabel(_reason_before(options), label.answers)
            elif label.agreement < options.min_agreement - ROUNDING:
                reason = f"agreement below {options.min_agreement:g}"
                yield LeftOutLabel(reason, label.answers)
            else:
                yield label


def _item_labels(
    item: ItemLabels, export_format: Format, options: RowOptions, rule: ShareRule | None
) -> Iterator[LabelRecord | LeftOutLabel]:
    if options.evidence is Evidence.OPENED:
        item, without_evidence = split_by_evidence(item)
        yield from without_evidence
    counted = []
    for place, record in enumerate(item.answers):
        reason = export_format.reason_not_counted(record)
        if reason:
            yield reason
        else:
            counted.append(place)
    source = item.consensus.source
    if counted and options.sources and source not in options.sources:
        yield LeftOutLabel(f"consensus is {source}", len(counted))
    elif counted and options.since and not any(item.answers[place].is_new for place in counted):
        yield LeftOutLabel(_reason_before(options), len(counted))
    elif counted:
        votes = ItemVotes.of(item, counted)
        yield from consensus_labels(votes, rule) if rule else separate_labels(votes)
    if item.decision and options.sources and item.decision.source not in options.sources:
        yield LeftOutLabel(f"consensus is {item.decision.source}")
    elif item.decision:
        yield item.decision


def _reason_before(options: RowOptions) -> str:
    if options.since == LAST:
        return "already read by the last export"
    return f"before {options.to_texts()['since']}"
