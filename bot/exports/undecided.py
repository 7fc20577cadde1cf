"""Ties and pairs with two bad responses: whether an export has rows for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import cast

from bot.exports.formats.format import Format, LeftOutLabel
from bot.exports.label_record import LabelRecord
from bot.exports.response_pairs import UNDECIDED_REASONS
from bot.exports.row_options import RowOptions, Undecided
from bot.kinds.label import Preference, Winner
from bot.quality.votes import WINNER


def apply_undecided(
    labels: Iterable[LabelRecord | LeftOutLabel], export_format: Format, options: RowOptions
) -> Iterator[LabelRecord | LeftOutLabel]:
    """Yield the labels of an export with undecided pairs kept or left out, as its options say.

    In a format with pairs, a kept one becomes two labels, one for each order, with the margin 0:
    neither response is better. A pair with a written better response is decided.
    """
    for label in labels:
        choice = _choice_for(label, export_format, options)
        if choice is None or isinstance(label, LeftOutLabel):
            yield label
        elif choice is Undecided.DROP:
            winner = cast("Preference", label.label).winner
            yield LeftOutLabel(UNDECIDED_REASONS[winner], label.answers)
        elif export_format.has_pairs:
            yield from _both_orders(label, cast("Preference", label.label))
        else:
            yield label


def _choice_for(
    label: LabelRecord | LeftOutLabel, export_format: Format, options: RowOptions
) -> Undecided | None:
    """Return what happens to an undecided pair, None for any other label."""
    if isinstance(label, LeftOutLabel) or not isinstance(label.label, Preference):
        return None
    if label.label.winner not in UNDECIDED_REASONS or label.label.better_response is not None:
        return None
    if label.label.winner == "tie":
        return options.ties or export_format.ties
    return options.both_bad or export_format.both_bad


def _both_orders(record: LabelRecord, label: Preference) -> Iterator[LabelRecord]:
    shares = record.shares or {(WINNER, ""): {label.winner: 1.0}}
    kept = replace(record, shares=shares, margin=0.0, pair_origin=label.winner)
    for winner, answers in (("left", record.answers), ("right", 0)):
        decided = replace(label, winner=cast("Winner", winner))
        yield replace(kept, label=decided, answers=answers)
