"""Manual assignment: a coordinator assigns one task, or the next few, to an expert.

Domains and languages are ignored. Experts still never judge their own text or see an item twice,
and a task never gets more experts than its overlap.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.messages.tasks import NewTaskMessage
from bot.services.assignments import leases, quotas
from bot.services.assignments.assign import candidate_order_for, mark_guidelines_announced
from bot.services.assignments.quotas import Quota
from storage.queries import answer_submission, outbox, task_routing, task_selection
from storage.queries.task_selection import TaskSeeker, TaskSlot
from storage.row_id import id_of
from storage.tables import Assignment, Campaign, Expert

MANUAL_REASON = {"is_manual": True}
"""Selection reason of a manually assigned task."""


def assign_task(
    session: Session, campaign: Campaign, expert: Expert, task_id: int, now: datetime
) -> Assignment | None:
    """Assign one task to an expert.

    Return None if they already had it, may not judge it, have not passed the practice, or it has no
    free slot.
    """
    if needs_practice(session, campaign, expert):
        return None
    slot = _next_slot_after(session, campaign, expert, task_id - 1)
    if slot is None or slot.task_id != task_id:
        return None
    return _assign_slot(session, campaign, expert, slot, now)


def assign_next_tasks(
    session: Session, campaign: Campaign, expert: Expert, limit: int, now: datetime
) -> list[Assignment]:
    """Assign up to `limit` of a campaign's next tasks to an expert, in the campaign's order.

    None if they have not passed the practice.
    """
    if needs_practice(session, campaign, expert):
        return []
    assignments: list[Assignment] = []
    slot = _next_slot_after(session, campaign, expert, 0)
    while slot and len(assignments) < limit:
        assignment = _assign_slot(session, campaign, expert, slot, now)
        assignments += [assignment] if assignment else []
        slot = _next_slot_after(session, campaign, expert, slot.task_id)
    return assignments


def needs_practice(session: Session, campaign: Campaign, expert: Expert) -> bool:
    """Return whether an expert has not passed the practice of a campaign, if it has one."""
    memberships = task_routing.open_memberships(session, id_of(expert))
    return any(one.campaign_id == campaign.id and one.needs_practice for one in memberships)


def find_quota(session: Session, campaign: Campaign, expert: Expert, now: datetime) -> Quota | None:
    """Lock an expert; return their quota in a campaign, None: there is no limit."""
    task_routing.routing_profile(session, id_of(expert), for_update=True)
    memberships = task_routing.open_memberships(session, id_of(expert))
    found = [one for one in memberships if one.campaign_id == campaign.id]
    return quotas.find_quota(session, id_of(expert), found[0], expert.tz, now) if found else None


def queue_task_message(session: Session, expert: Expert, now: datetime) -> None:
    """Queue a message with the expert's next task; dropped if they are unreachable by then."""
    message = NewTaskMessage(is_dispatched=True)
    outbox.enqueue(session, message, recipient=expert.slack_id, now=now)


def _next_slot_after(
    session: Session, campaign: Campaign, expert: Expert, task_id: int
) -> TaskSlot | None:
    profile = task_routing.routing_profile(session, id_of(expert), for_update=True)
    seeker = TaskSeeker(id_of(expert), profile.slack_id, profile.pseudonym)
    campaign_id = id_of(campaign)
    audiences = task_selection.audiences_with_free_slots(session, campaign_id)
    return task_selection.first_slot(session, seeker, campaign_id, audiences, task_id)


def _assign_slot(
    session: Session, campaign: Campaign, expert: Expert, slot: TaskSlot, now: datetime
) -> Assignment | None:
    if not answer_submission.take_slot(session, slot.task_id):
        return None
    expert_id = id_of(expert)
    memberships = {
        membership.campaign_id: membership
        for membership in task_routing.open_memberships(session, expert_id)
    }
    membership = memberships.get(id_of(campaign))
    assignment = Assignment(
        task_id=slot.task_id,
        campaign_id=id_of(campaign),
        expert_id=expert_id,
        candidate_order=candidate_order_for(session, campaign.seed, slot, expert_id),
        created_at=now,
        leased_until=leases.lease_end(session, expert_id, campaign.lease_minutes, now),
        selection_reason=MANUAL_REASON,
        guidelines_changed_since=mark_guidelines_announced(session, membership, expert_id)
        if membership
        else None,
    )
    session.add(assignment)
    session.flush()
    return assignment
