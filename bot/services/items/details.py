"""One item as experts see it, with its answers and its history, for coordinators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.content import Content
from bot.kinds.form import Form
from bot.kinds.label_text import describe_label
from bot.services.actors.audit_log import SLACK
from bot.services.items.mapping import content_of
from bot.services.items.references import UnknownItemError, reference_of
from storage.queries import audit_log, item_history, item_imports, item_search, items
from storage.queries.item_history import ItemAssignment
from storage.queries.item_search import FoundItem
from storage.row_id import id_of
from storage.tables import AssignmentState, Campaign

STATE_PHRASES: Mapping[str, str] = {
    AssignmentState.QUEUED: "not delivered yet",
    AssignmentState.DELIVERED: "open",
    AssignmentState.SKIPPED: "skipped",
    AssignmentState.EXPIRED: "expired",
    AssignmentState.RELEASED: "unassigned",
    AssignmentState.QUARANTINED: "excluded",
}
"""What is shown in place of an answer, by the state of the assignment."""


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """What an expert did with an item: the answer in words, or the state of the assignment.

    `purpose` is why the expert got it, "" for an ordinary task.
    """

    slack_id: str
    name: str
    reference: str
    text: str
    state: str
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Something that happened to an item. `actor` is a Slack id if `is_person`, else a name."""

    at: datetime
    actor: str
    text: str
    is_person: bool = True


@dataclass(frozen=True, slots=True)
class ItemDetails:
    """An item as experts see it, with the candidates in imported order.

    `is_blind`: the viewer labels in the campaign and has not answered the item, so `answers`,
    `history` and `gold` are empty. `models` are those of the candidates and never reach Slack.
    """

    found: FoundItem
    campaign_id: int
    campaign_name: str
    campaign_title: str
    form: Form
    domains: tuple[str, ...]
    language: str | None
    gold: str = ""
    answers: tuple[ItemAnswer, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    models: tuple[str | None, ...] = ()
    is_blind: bool = False


def details_of(session: Session, campaign: Campaign, item_id: int, viewer: str = "") -> ItemDetails:
    """Return an item of a campaign. `viewer` is the Slack id of who looks at it, if known.

    Raises:
        UnknownItemError: the campaign has no such item.
    """
    found = item_search.found_item(session, item_id)
    row = items.items_by_id(session, [item_id]).get(item_id)
    if found is None or row is None or not items.is_in_campaign(session, item_id, id_of(campaign)):
        raise UnknownItemError(campaign=campaign.name, text=item_id, hint="Search again")
    kind, content = kind_named(campaign.kind), content_of(row)
    assignments = item_history.assignments_of_item(session, item_id)
    is_blind = _is_blind(session, campaign, viewer, assignments)
    settings = kind.settings.model_validate(campaign.settings)
    shown = [] if is_blind else assignments
    return ItemDetails(
        found=found,
        campaign_id=id_of(campaign),
        campaign_name=campaign.name,
        campaign_title=campaign.title,
        form=_form_of(kind, content, settings, is_deleted=found.deleted_at is not None),
        domains=content.domains or tuple(campaign.domains),
        language=content.language or campaign.language,
        gold="" if is_blind or content.gold is None else _describe(kind, content, content.gold),
        answers=tuple(_answer_of(kind, content, row, found) for row in shown),
        history=() if is_blind else _history_of(session, found, assignments),
        models=tuple(candidate.model for candidate in content.candidates),
        is_blind=is_blind,
    )


def _form_of(kind: Kind[Any], content: Content, settings: Any, *, is_deleted: bool) -> Form:  # noqa: ANN401 - settings of any kind
    if is_deleted:
        return Form("", ())
    return kind.build_form(content, settings, range(len(content.candidates)))


def _is_blind(
    session: Session, campaign: Campaign, viewer: str, assignments: list[ItemAssignment]
) -> bool:
    """Return whether the viewer may still have to answer the item."""
    has_answered = any(
        row.slack_id == viewer and row.state == AssignmentState.ANSWERED for row in assignments
    )
    return not has_answered and item_history.is_active_member(session, id_of(campaign), viewer)


def _answer_of(
    kind: Kind[Any], content: Content, row: ItemAssignment, found: FoundItem
) -> ItemAnswer:
    has_answer = row.state == AssignmentState.ANSWERED and row.complete and row.value
    text = STATE_PHRASES.get(row.state, "open")
    if has_answer and found.deleted_at is None and row.confirms_assignment_id is None:
        text = _describe(kind, content, row.value or {}, row.candidate_order)
    elif has_answer:
        text = "answered"
    elif row.skip_reason:
        text = f"{text}: {row.skip_reason.replace('_', ' ')}"
    name = row.name or row.pseudonym
    return ItemAnswer(
        row.slack_id, name, reference_of(row.assignment_id), text, row.state, _purpose_of(row)
    )


def _purpose_of(row: ItemAssignment) -> str:
    if row.is_repeat:
        return "repeat"
    if row.practice_attempt is not None:
        return "practice"
    return "confirmation" if row.confirms_assignment_id is not None else ""


def _describe(
    kind: Kind[Any], content: Content, value: Mapping[str, Any], order: list[int] | None = None
) -> str:
    """Return an answer in words, with the candidates in imported order."""
    positions = range(len(content.candidates)) if order is None else order
    return describe_label(kind.to_label(content, dict(value), positions))


def _history_of(
    session: Session, found: FoundItem, assignments: list[ItemAssignment]
) -> tuple[HistoryEntry, ...]:
    """Return what happened to an item, oldest first."""
    entries = [
        *_import_entries(session, found),
        *(entry for row in assignments for entry in _assignment_entries(row)),
        *_audit_entries(session, found, assignments),
    ]
    return tuple(sorted(entries, key=lambda entry: entry.at))


def _import_entries(session: Session, found: FoundItem) -> Iterator[HistoryEntry]:
    source = item_imports.import_of_item(session, found.item_id)
    if source is None:
        yield HistoryEntry(found.created_at, "", "imported", is_person=False)
    else:
        yield HistoryEntry(found.created_at, source.imported_by, f"imported from {source.file}")


def _assignment_entries(row: ItemAssignment) -> Iterator[HistoryEntry]:
    reference = reference_of(row.assignment_id)
    purpose = f" as a {_purpose_of(row)}" if _purpose_of(row) else ""
    if row.delivered_at:
        yield HistoryEntry(row.delivered_at, row.slack_id, f"got task {reference}{purpose}")
    if row.answered_at:
        yield HistoryEntry(row.answered_at, row.slack_id, f"answered task {reference}")


def _audit_entries(
    session: Session, found: FoundItem, assignments: list[ItemAssignment]
) -> Iterator[HistoryEntry]:
    subjects = [
        f"item {found.item_id}",
        f"task {found.task_id}",
        *(f"assignment {row.assignment_id}" for row in assignments),
    ]
    for event in audit_log.events_about(session, subjects):
        reason = event.details.get("reason")
        text = f"{event.action}: {reason}" if reason else event.action
        yield HistoryEntry(event.at, event.actor, text, is_person=event.origin == SLACK)
