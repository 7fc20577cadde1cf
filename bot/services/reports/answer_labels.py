"""Labels of answers without their texts, which is enough for votes and statistics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from sqlmodel import Session

from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.content import Candidate, Content, Order
from bot.kinds.label import Label, Preference, Verdict
from bot.quality.ballots import Ballot, ballot_of
from bot.quality.votes import votes_of
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
    """Return the label of an answer, with the candidates in imported order and without texts."""
    content = Content(candidates=tuple(Candidate("") for _ in order))
    label = kind.to_label(content, dict(value), order)
    match label:
        case Preference():
            return replace(label, better_response=None, started_from=None)
        case Verdict():
            return replace(label, corrected_text=None)
        case _:
            return label


MAX_ANSWERS = 20_000
"""Answers whose label is kept. Those with a reason or another text of their own have one each."""


@dataclass(frozen=True, slots=True, eq=False)
class VotedLabel:
    """A label without texts, and its ballot. Equal labels are one object, compared by identity."""

    label: Label
    ballot: Ballot


@dataclass(frozen=True, slots=True, eq=False)
class GivenLabel:
    """A label as an expert gave it; equal ones are one object.

    `side` is the position, from 0, that the expert preferred as they saw it; None for neither.
    """

    label: VotedLabel
    side: int | None


@dataclass(slots=True)
class AnswerLabels:
    """Labels of the answers of one campaign, each found once for equal answers.

    Most answers are one tap, so that a campaign has few different ones.
    """

    kind: Kind[Any]
    has_votes: bool = field(init=False)
    _known: dict[tuple[str, str], GivenLabel] = field(default_factory=dict)
    _voted: dict[Label, VotedLabel] = field(default_factory=dict)
    _given: dict[tuple[VotedLabel, int | None], GivenLabel] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find out whether answers of this kind can be compared."""
        self.has_votes = bool(votes_of(self.kind.example.label))

    def label_of(self, value: str, order: str) -> GivenLabel:
        """Return the label of an answer, both JSON as stored."""
        return self._known.get((value, order)) or self._read(value, order)

    def gold_of(self, gold: str, order: str) -> VotedLabel:
        """Return the label of a gold answer, from an answer with any candidate order."""
        imported = orjson.dumps(sorted(orjson.loads(order))).decode()
        return self.label_of(gold, imported).label

    def _read(self, value: str, order: str) -> GivenLabel:
        if len(self._known) >= MAX_ANSWERS:
            for known in (self._known, self._voted, self._given):
                known.clear()
        positions = orjson.loads(order)
        label = label_of(self.kind, orjson.loads(value), positions)
        voted = self._voted.setdefault(label, VotedLabel(label, ballot_of(label)))
        side = side_of(label, positions)
        given = self._given.setdefault((voted, side), GivenLabel(voted, side))
        self._known[value, order] = given
        return given


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
