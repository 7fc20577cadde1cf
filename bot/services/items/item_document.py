"""One item with its content, progress and answers, for programs: experts by pseudonym."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.services.items.references import UnknownItemError, reference_of
from storage.queries import item_history, item_search, items
from storage.row_id import id_of
from storage.tables import Campaign


@dataclass(frozen=True, slots=True)
class ItemAssignmentState:
    """A task of an item: its reference, its expert by pseudonym, and its state."""

    task: str
    expert: str
    state: str
    is_complete: bool


@dataclass(frozen=True, slots=True)
class ItemDocument:
    """An item. `candidates` are in imported order; a deleted item has no content.

    `state` is as in the search. `overlap` is how many answers it needs; None for gold.
    """

    item: str
    state: str
    answers: int
    overlap: int | None
    on_hold_reason: str | None
    created_at: datetime
    deleted_at: datetime | None
    prompt: list[dict[str, Any]]
    draft: str | None
    candidates: list[dict[str, Any]]
    domains: list[str]
    language: str | None
    meta: dict[str, Any]
    gold: dict[str, Any] | None
    tasks: list[ItemAssignmentState]


def item_document(session: Session, campaign: Campaign, item_id: int) -> ItemDocument:
    """Return an item of a campaign.

    Raises:
        UnknownItemError: the campaign has no such item.
    """
    found = item_search.found_item(session, item_id)
    row = items.items_by_id(session, [item_id]).get(item_id)
    if found is None or row is None or not items.is_in_campaign(session, item_id, id_of(campaign)):
        raise UnknownItemError(campaign=campaign.name, text=item_id, hint="Search again")
    return ItemDocument(
        item=row.key,
        state=found.state,
        answers=found.answers,
        overlap=found.overlap,
        on_hold_reason=found.on_hold_reason,
        created_at=found.created_at,
        deleted_at=found.deleted_at,
        prompt=row.prompt,
        draft=row.draft,
        candidates=[candidate._asdict() for candidate in row.candidates],
        domains=row.domains,
        language=row.language,
        meta=dict(row.meta),
        gold=row.gold,
        tasks=[
            ItemAssignmentState(
                reference_of(one.assignment_id), one.pseudonym, one.state, bool(one.complete)
            )
            for one in item_history.assignments_of_item(session, item_id)
        ],
    )
