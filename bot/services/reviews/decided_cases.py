"""What reviewers decided: the newest decisions of a campaign, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.kinds import kind_named
from bot.kinds.label_text import describe_label
from bot.services.items.mapping import content_of
from bot.services.reviews.review_case import NoReviewCaseError
from storage.queries import reviews, tasks
from storage.tables import Campaign, Decision, Task

KEPT_AS_IS = "kept as is"


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """A decision that was not undone: the item, what was decided, by whom, when and why."""

    task_id: int
    item_key: str
    summary: str
    decided_by: str
    decided_at: datetime
    reason: str


def list_decided(session: Session, campaign_id: int, limit: int) -> list[DecidedCase]:
    """Return the newest decisions of a campaign that were not undone, newest first."""
    found = reviews.newest_decisions(session, campaign_id, limit)
    return [_describe(session, decision) for decision in found]


def decided_case(session: Session, task_id: int) -> DecidedCase:
    """Return the decision about a task.

    Raises:
        NoReviewCaseError: there is none, or it was undone.
    """
    decision = reviews.decision_of(session, task_id)
    if decision is None or decision.value is None:
        raise NoReviewCaseError
    return _describe(session, decision)


def _describe(session: Session, decision: Decision) -> DecidedCase:
    task = session.get_one(Task, decision.task_id)
    campaign = session.get_one(Campaign, task.campaign_id)
    item = tasks.item_of(session, decision.task_id)
    summary = KEPT_AS_IS
    if decision.value and not task.is_deleted:
        kind = kind_named(campaign.kind)
        label = kind.to_label(content_of(item), decision.value, decision.candidate_order)
        summary = describe_label(label)
    return DecidedCase(
        task_id=decision.task_id,
        item_key=item.key,
        summary=summary,
        decided_by=decision.decided_by,
        decided_at=decision.created_at,
        reason=decision.reason,
    )
