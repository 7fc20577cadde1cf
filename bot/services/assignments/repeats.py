"""Mirrored repeats: a share of pairs goes to the same expert again, with the sides exchanged.

They measure how consistent an expert is, and whether they prefer a side. A repeat looks like any
task. It is the one exception to the rule that nobody sees an item twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from operator import itemgetter

from sqlmodel import Session

from bot.services.assignments import leases
from storage.queries import repeats
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.row_id import id_of
from storage.tables import Assignment, Campaign, CampaignState, Task

REPEAT_AFTER = timedelta(days=3)
"""Time after which an expert gets a pair again: they no longer remember which side they chose."""


def assign_due_repeats(session: Session, campaign_id: int, now: datetime) -> int:
    """Assign the repeats that are due in a campaign if it is open; return how many.

    An expert has at most one open repeat. They get it as their next task.
    """
    campaign = session.get_one(Campaign, campaign_id)
    if not campaign.repeat_share or campaign.state != CampaignState.OPEN:
        return 0
    acquire_advisory_lock(session, "assign_due_repeats")
    due = repeats.due_answers(session, campaign, now, REPEAT_AFTER)
    oldest_by_expert = {first.expert_id: (first, task) for first, task in reversed(due)}
    for _, (first, task) in sorted(oldest_by_expert.items(), key=itemgetter(0)):
        _assign_repeat(session, campaign, first, task, now)
    return len(oldest_by_expert)


def _assign_repeat(
    session: Session, campaign: Campaign, first: Assignment, task: Task, now: datetime
) -> None:
    """Create the task that repeats an answer, assigned to its expert."""
    repeat = Task(
        campaign_id=task.campaign_id,
        item_id=task.item_id,
        overlap=1,
        slots_taken=1,
        audience=task.audience,
        is_repeat=True,
        confirms_assignment_id=id_of(first),
    )
    session.add(repeat)
    session.flush()
    session.add(
        Assignment(
            task_id=id_of(repeat),
            campaign_id=first.campaign_id,
            expert_id=first.expert_id,
            candidate_order=first.candidate_order[::-1],
            created_at=now,
            leased_until=leases.lease_end(session, first.expert_id, campaign.lease_minutes, now),
            selection_reason=first.selection_reason,
        )
    )
    session.flush()
