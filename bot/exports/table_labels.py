"""The labels of one table: selected, and made pairs where its format has pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.exports.formats.format import Format, LeftOutLabel
from bot.exports.item_prompts import keep_one_label
from bot.exports.label_record import ItemLabels, LabelRecord
from bot.exports.rating_pairs import SMALLEST_GAP, pair_ratings
from bot.exports.row_options import RowOptions
from bot.exports.selection import select_labels
from bot.exports.undecided import apply_undecided
from bot.kinds.label import Label, Rating
from bot.quality.aggregation.shares import ShareRule


def needs_rating_pairs(export_format: Format, label: Label) -> bool:
    """Return whether labels like `label` become rows of a format only as pairs of ratings."""
    return export_format.has_pairs and isinstance(label, Rating)


def select_table(
    items: Iterable[ItemLabels],
    export_format: Format,
    options: RowOptions,
    rule: ShareRule | None,
    *,
    has_rating_pairs: bool = False,
) -> Iterator[LabelRecord | LeftOutLabel]:
    """Yield the labels of a table, and the answers that are left out.

    Args:
        items: read once, lazily; for pairs of ratings, those of one prompt one after the other.
        export_format: the format of the table.
        options: the options of the export.
        rule: weighs the answers to an item, which become one label; None: each stays one.
        has_rating_pairs: make pairs of ratings.
    """
    if export_format.has_prompts_alone:
        items = keep_one_label(items)
    labels = select_labels(items, export_format, options, rule)
    if not has_rating_pairs:
        return apply_undecided(labels, export_format, options)
    gap = SMALLEST_GAP if options.gap is None else options.gap
    return pair_ratings(labels, gap, by_expert=rule is None)
