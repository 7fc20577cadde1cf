"""The order of models that a label states."""

from __future__ import annotations

from collections.abc import Sequence

from bot.kinds.label import Label, Preference, Ranking
from bot.quality.ranking.contests import Order


def order_of(label: Label, models: Sequence[str | None]) -> Order | None:
    """Return the models from best to worst; None if the label does not order known models.

    Args:
        label: a label of an item.
        models: the model of each candidate in imported order, None where it is unknown.
    """
    match label:
        case Ranking(ranks=ranks):
            places = [
                tuple(m for m, r in zip(models, ranks, strict=True) if m and r == rank)
                for rank in sorted(set(ranks))
            ]
            return tuple(place for place in places if place)
        case Preference(winner="left" | "right" | "tie" as winner):
            left, right = models
            if left is None or right is None:
                return None
            if winner == "tie":
                return ((left, right),)
            return ((left,), (right,)) if winner == "left" else ((right,), (left,))
        case _:
            return None


def bad_pair(label: Label, models: Sequence[str | None]) -> tuple[str, ...]:
    """Return the known models of a pair of which both are bad; otherwise nothing."""
    is_bad = isinstance(label, Preference) and label.winner == "both_bad"
    return tuple(model for model in models if model) if is_bad else ()
