"""Rows that an export read and that the database no longer has."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from sqlmodel import Session

from bot.exports.id_ranges import write_ranges
from bot.exports.snapshot import ExportSnapshot
from storage.queries import labels, reviews
from storage.queries.items import ItemRow
from storage.queries.labels import LabelRow
from storage.row_id import id_of


@dataclass(frozen=True, slots=True)
class ErasedRows:
    """Numbers of erased rows: answers by their assignment, decisions, and items without content."""

    answers: tuple[int, ...] = ()
    decisions: tuple[int, ...] = ()
    items: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything was erased."""
        return bool(self.answers or self.decisions or self.items)

    def __str__(self) -> str:
        """Return the numbers as ranges: “answers 3-5, 9; item 2”."""
        named = (("answer", self.answers), ("decision", self.decisions), ("item", self.items))
        return "; ".join(
            f"{noun}{'s' * (len(numbers) > 1)} {write_ranges(numbers).replace(',', ', ')}"
            for noun, numbers in named
            if numbers
        )


def find_erased(session: Session, snapshot: ExportSnapshot) -> ErasedRows:
    """Return what of a snapshot the database no longer has."""
    states = snapshot.states_with_label(with_gold=True, only_final=False)
    versions = {number: state.version for number, state in states.items()}
    missing, empty_items = set(versions), set[int]()
    campaign_id = snapshot.campaign.id
    with closing(labels.stream_versions(session, campaign_id, versions)) as rows:
        for row, item in rows:
            if row.value is not None:
                missing.discard(row.assignment_id)
            if _has_lost_content(row, item):
                empty_items.add(row.item_id)
    decisions = reviews.decisions_by_id(session, snapshot.decisions).values()
    kept = {id_of(decision) for decision in decisions if decision.value is not None}
    return ErasedRows(
        tuple(sorted(missing)),
        tuple(sorted(set(snapshot.decisions) - kept)),
        tuple(sorted(empty_items)),
    )


def _has_lost_content(row: LabelRow, item: ItemRow) -> bool:
    """Return whether responses that the expert saw, or all content of the item, are gone."""
    if not row.has_text:
        return False
    is_empty = not (item.prompt or item.draft or item.candidates or item.media)
    return is_empty or len(item.candidates) < len(row.candidate_order)
