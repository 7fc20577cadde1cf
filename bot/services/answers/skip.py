"""Skip reasons and their effect: put the task on hold, or let other experts have it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from storage.queries import on_hold_tasks, task_routing
from storage.queries.answer_submission import AssignmentSnapshot
from storage.queries.on_hold_tasks import HOLD_REASON_NO_EXPERT
from storage.tables import Campaign, SkipPolicy


class SkipReason(StrEnum):
    """Why an expert skipped a task; stored with the assignment."""

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
"""Reasons about the item, which hold for every expert; the others are about the person."""

HOLD_REASON_SKIPPED = "skipped"
"""On-hold reason of a task that the campaign's skip policy put on hold."""


def apply_skip_policy(
    session: Session, snapshot: AssignmentSnapshot, reason: SkipReason, now: datetime
) -> None:
    """Put a skipped task on hold if the campaign's policy says so and the reason is about the item.

    Tasks skipped for a reason about the person always go to other experts.
    """
    policy = session.get_one(Campaign, snapshot.campaign_id).skip_policy
    if policy == SkipPolicy.HOLD and reason in ITEM_REASONS:
        on_hold_tasks.put_on_hold(session, snapshot.task_id, HOLD_REASON_SKIPPED, now)


def undo_skip(session: Session, snapshot: AssignmentSnapshot) -> None:
    """Undo a skip: remove its reason and, unless another skip holds the task, return it to queue.

    The expert's scans start over, because “not my field” skips affect task selection.
    """
    on_hold_tasks.clear_skip_reason(session, snapshot.id)
    task_routing.restart_scans(session, snapshot.expert_id)
    on_hold_tasks.return_to_queue(session, snapshot.task_id, only_if_reason=HOLD_REASON_NO_EXPERT)
    if not on_hold_tasks.skip_reasons_of(session, snapshot.task_id, ITEM_REASONS):
        on_hold_tasks.return_to_queue(session, snapshot.task_id, only_if_reason=HOLD_REASON_SKIPPED)
