"""Labels of answers without their texts, which is enough for votes and statistics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson
from sqlmodel import Session

from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.content import Candidate, Content, Order
from bot.kinds.label import Label, Preference
from bot.quality.votes import Vote, votes_of
from storage.queries import repeats
from storage.row_id import id_of
from storage.tables import Campaign


@dataclass(frozen=True, slots=True)
class RepeatedLabels:
    """Both answers of an expert to a repeated item.

    Attributes:
        first, second: the labels, in imported order.
        sides: the positions, from 0, that the expert preferred, as they saw them; None for neither.
    """

    first: Label
    second: Label
    sides: tuple[int | None, int | None]


def label_of(kind: Kind[Any], value: Mapping[str, Any], order: Order) -> Label:
    """Return the label of an answer, with the candidates in imported order."""
    return kind.to_label(
        Content(candidates=tuple(Candidate("") for _ in order)), dict(value), order
    )


MAX_LABELS = 20_000
"""Labels that are kept. Answers with a reason or another text of their own have one each."""


class LabelWithVotes(NamedTuple):
    """The label of an answer without its texts, and its votes."""

    label: Label
    votes: tuple[Vote, ...]


@dataclass(slots=True)
class AnswerLabels:
    """Labels of the answers of one campaign, each found once for equal answers.

    Most answers are one tap, so that a campaign has few different ones.
    """

    kind: Kind[Any]
    _known: dict[tuple[bytes, tuple[int, ...]], LabelWithVotes] = field(default_factory=dict)

    def label_of(self, value: Mapping[str, Any], order: Order) -> LabelWithVotes:
        """Return the label of an answer, with the candidates in imported order, and its votes."""
        key = orjson.dumps(value), tuple(order)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MAX_LABELS:
                self._known.clear()
            label = label_of(self.kind, value, order)
            found = self._known[key] = LabelWithVotes(label, votes_of(label))
        return found


def side_of(label: Label, order: Order) -> int | None:
    """Return the position that the expert preferred as they saw it, from 0; None for neither."""
    if isinstance(label, Preference) and label.winner in {"left", "right"}:
        return order.index(int(label.winner == "right"))
    return None


def repeated_labels(session: Session, campaign: Campaign) -> dict[int, list[RepeatedLabels]]:
    """Return both answers to each repeated item of a campaign, by expert."""
    kind = kind_named(campaign.kind)
    found: defaultdict[int, list[RepeatedLabels]] = defaultdict(list)
    for row in repeats.repeated_answers(session, id_of(campaign)):
        first = label_of(kind, row.first_value, row.first_order)
        second = label_of(kind, row.repeat_value, row.repeat_order)
        sides = side_of(first, row.first_order), side_of(second, row.repeat_order)
        found[row.expert_id].append(RepeatedLabels(first, second, sides))
    return found
