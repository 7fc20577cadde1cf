"""What a skip says beside that somebody would rather not answer: about the person, or the item."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from storage.queries import on_hold_tasks, task_routing
from storage.queries.answer_submission import AssignmentSnapshot
from storage.tables import Campaign, SkipPolicy


class SkipReason(StrEnum):
    """Why an expert would rather not answer: each of them is data."""

    NOT_MY_FIELD = "not_my_field"
    UNCLEAR = "unclear"
    BROKEN = "broken"
    UNSAFE = "unsafe"
    CONFLICT = "conflict"


SKIP_LABELS = {
    SkipReason.NOT_MY_FIELD: "Not my field",
    SkipReason.UNCLEAR: "Unclear",
    SkipReason.BROKEN: "Broken or empty",
    SkipReason.UNSAFE: "Unsafe content",
    SkipReason.CONFLICT: "Conflict of interest",
}

ITEM_REASONS = (SkipReason.UNCLEAR, SkipReason.BROKEN, SkipReason.UNSAFE)
"""Reasons that hold for whoever looks next; the others are about the person alone."""

HOLD_REASON_SKIPPED = "skipped"
"""Why a task is set aside, as far as the campaign's policy did it."""


def apply_skip_policy(
    session: Session, held: AssignmentSnapshot, reason: SkipReason, now: datetime
) -> None:
    """Set a skipped task aside if its campaign wants nobody to get it before a coordinator looked.

    What is not somebody's field, or a conflict of theirs, always goes to others.
    """
    policy = session.get_one(Campaign, held.campaign_id).skip_policy
    if policy == SkipPolicy.HOLD and reason in ITEM_REASONS:
        on_hold_tasks.put_on_hold(session, held.task_id, HOLD_REASON_SKIPPED, now)


def undo_skip(session: Session, held: AssignmentSnapshot) -> None:
    """Take all of a skip back: what it taught, and that it set the task aside."""
    on_hold_tasks.clear_skip_reason(session, held.id)
    task_routing.restart_scans(session, held.expert_id)
    if not on_hold_tasks.skip_reasons_of(session, held.task_id, ITEM_REASONS):
        on_hold_tasks.return_to_queue(session, held.task_id, only_if_reason=HOLD_REASON_SKIPPED)
