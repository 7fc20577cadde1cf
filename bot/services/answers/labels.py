"""Labels from stored answers and review decisions, each with its consensus source."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from sqlmodel import Session

from bot.exports.label_record import ItemLabels, LabelRecord
from bot.exports.snapshot import AnswerState, ExportSnapshot
from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.content import Content
from bot.kinds.label import Label
from bot.kinds.media import Media
from bot.kinds.rationale import rationale_of
from bot.quality.consensus import SINGLE, Consensus, find_consensus
from bot.quality.scales import Scales
from bot.quality.votes import Vote, votes_of
from bot.services.answers.campaign_settings import settings_of
from bot.services.answers.confirmation import FINALIZED_BY_CONFIRMATION
from bot.services.items.mapping import content_of
from storage.queries import items, labels, reviews
from storage.queries.items import ItemRow
from storage.queries.labels import LabelRow
from storage.row_id import id_of
from storage.tables import Campaign, Decision

REVIEWER_PSEUDONYM = "reviewer"
"""Replaces the expert's pseudonym in the label of a review decision."""

AnswerRows = list[tuple[LabelRow, ItemRow]]


def iter_labels(
    session: Session, campaign: Campaign, *, with_gold: bool = False, only_final: bool = False
) -> Generator[LabelRecord]:
    """Yield a campaign's labels, by item in import order, then by expert pseudonym.

    Only the current version of complete answers is included; skipped, undone and partial answers
    are not. The label of a review decision follows the answers to its item.

    Args:
        session: the database session.
        campaign: the campaign.
        with_gold: include answers to gold items.
        only_final: include only answers that can no longer be changed.
    """
    items_labels = iter_items(session, campaign, with_gold=with_gold, only_final=only_final)
    with closing(items_labels):
        for item in items_labels:
            yield from item.answers
            if item.decision:
                yield item.decision


def iter_items(  # noqa: PLR0913 - the choices of an export
    session: Session,
    campaign: Campaign,
    *,
    with_gold: bool = False,
    only_final: bool = False,
    by_prompt: bool = False,
    snapshot: ExportSnapshot | None = None,
) -> Generator[ItemLabels]:
    """Yield the labels of a campaign item by item, as `iter_labels` does one by one.

    With `by_prompt`, answered items with the same prompt follow each other. With a snapshot, the
    labels are those of its state, and `campaign` is the campaign in that state.
    """
    if snapshot:
        decisions = reviews.decisions_by_id(session, snapshot.decisions)
        states = snapshot.states_with_label(with_gold=with_gold, only_final=only_final)
        label_rows = _stream_states(session, id_of(campaign), states, by_prompt=by_prompt)
    else:
        decisions = reviews.decisions_by_item(session, id_of(campaign))
        label_rows = labels.stream_labels(
            session,
            id_of(campaign),
            with_gold=with_gold,
            only_final=only_final,
            by_prompt=by_prompt,
        )
    builder = ItemBuilder(campaign, decisions)
    with closing(label_rows):
        yield from builder.answered_items(label_rows)
    yield from builder.unanswered_items(session)


class ItemBuilder:
    """Builds the labels of items from stored answers, with the decisions about them."""

    def __init__(self, campaign: Campaign, decisions: Mapping[int, Decision]) -> None:
        """Take the campaign and its decisions by item; those that were not final have no value."""
        self.decisions = {item: decision for item, decision in decisions.items() if decision.value}
        self._campaign, self._kind = campaign, kind_named(campaign.kind)
        self._scales = settings_of(self._kind, campaign.settings).scales

    def answered_items(
        self, label_rows: Iterable[tuple[LabelRow, ItemRow]]
    ) -> Iterator[ItemLabels]:
        """Yield the labels of items whose answers follow each other, and use up their decisions."""
        for item_id, rows in groupby(label_rows, key=lambda pair: pair[0].item_id):
            decision = self.decisions.pop(item_id, None)
            yield _build_item(self._campaign, self._kind, self._scales, list(rows), decision)

    def unanswered_items(self, session: Session) -> Iterator[ItemLabels]:
        """Yield the labels of decisions about items that had no answers."""
        campaign, scales = self._campaign, self._scales
        for item_id, item in items.items_by_id(session, self.decisions).items():
            decision = self.decisions[item_id]
            decided = _build_decision_label(campaign, self._kind, item, decision, item_id)
            decided = replace(decided, scales=scales)
            yield ItemLabels((), (), Consensus(SINGLE, {}, scales), decided)


def _stream_states(
    session: Session, campaign_id: int, states: Mapping[int, AnswerState], *, by_prompt: bool
) -> Generator[tuple[LabelRow, ItemRow]]:
    """Yield answers in given states, by assignment, in the order of all labels."""
    versions = {number: state.version for number, state in states.items()}
    with closing(
        labels.stream_versions(session, campaign_id, versions, by_prompt=by_prompt)
    ) as rows:
        for row, item in rows:
            state = states[row.assignment_id]
            confirmed_by = FINALIZED_BY_CONFIRMATION if state.is_confirmed else None
            yield row._replace(finalized_by=confirmed_by, is_gold=state.is_gold), item


@dataclass(frozen=True, slots=True)
class _AnsweredItem:
    """What the labels of all answers to an item have in common."""

    campaign: Campaign
    item: ItemRow
    media: Sequence[Sequence[Media]]
    consensus: Consensus
    required_levels: int
    is_adjudicated: bool


def _build_item(
    campaign: Campaign,
    kind: Kind[Any],
    scales: Scales,
    answers: AnswerRows,
    decision: Decision | None,
) -> ItemLabels:
    item_id, item = answers[0][0].item_id, answers[0][1]
    content = content_of(item)
    rows = [row for row, _item in answers]
    found = [kind.to_label(content, row.value, row.candidate_order) for row in rows]
    ballots = [votes_of(label) for label in found]
    consensus = find_consensus(ballots, scales)
    answered = _AnsweredItem(
        campaign,
        item,
        _media_of(content),
        consensus,
        _required_levels(campaign),
        is_adjudicated=decision is not None,
    )
    records = [
        _build_answer_label(answered, row, label, ballot)
        for row, label, ballot in zip(rows, found, ballots, strict=True)
    ]
    decided = None
    if decision:
        decided = _build_decision_label(campaign, kind, item, decision, item_id)
        decided = replace(decided, scales=scales)
    return ItemLabels(records, ballots, consensus, decided)


def _build_answer_label(
    answered: _AnsweredItem, row: LabelRow, label: Label, ballot: Sequence[Vote]
) -> LabelRecord:
    campaign, item = answered.campaign, answered.item
    return LabelRecord(
        label=label,
        item_key=item.key,
        campaign=campaign.name,
        kind=campaign.kind,
        expert=row.pseudonym,
        answered_at=row.answered_at,
        version=row.version,
        guidelines_version=row.guidelines_version,
        value=row.value,
        meta=item.meta,
        shown=row.shown,
        order=row.candidate_order,
        media=answered.media,
        seconds=row.seconds,
        was_paused=row.paused,
        is_gold=row.is_gold,
        is_imported=row.is_imported,
        has_text=row.has_text,
        rationale=rationale_of(row.value),
        item_id=row.item_id,
        answer_id=row.assignment_id,
        has_opened=None if row.shown is None else row.has_opened,
        level=2 if row.finalized_by == FINALIZED_BY_CONFIRMATION else 1,
        required_levels=answered.required_levels,
        source=answered.consensus.source,
        is_with_majority=answered.consensus.includes(ballot),
        is_adjudicated=answered.is_adjudicated,
        scales=answered.consensus.scales,
    )


def _build_decision_label(
    campaign: Campaign, kind: Kind[Any], item: ItemRow, decision: Decision, item_id: int
) -> LabelRecord:
    content, value = content_of(item), dict(decision.value or {})
    return LabelRecord(
        label=kind.to_label(content, value, decision.candidate_order),
        item_key=item.key,
        campaign=campaign.name,
        kind=campaign.kind,
        expert=REVIEWER_PSEUDONYM,
        answered_at=decision.created_at,
        version=1,
        guidelines_version=campaign.guidelines_version,
        value=value,
        meta=item.meta,
        order=decision.candidate_order,
        media=_media_of(content),
        rationale=replace(
            rationale_of(value), reason=decision.reason or rationale_of(value).reason
        ),
        level=_required_levels(campaign),
        required_levels=_required_levels(campaign),
        source="adjudicated",
        item_id=item_id,
        answer_id=id_of(decision),
    )


def _required_levels(campaign: Campaign) -> int:
    return int(campaign.settings.get("levels", 1))


def _media_of(content: Content) -> Sequence[Sequence[Media]]:
    groups = (content.media, *(candidate.media for candidate in content.candidates))
    return groups if any(groups) else ()
