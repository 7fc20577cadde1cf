"""Handing tasks out by hand: a certain one, or the next few, to somebody whom a coordinator names.

Fields and languages do not count then. Still nobody judges what they wrote, sees an item twice, or
takes a place that is not there.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.services.assignments import leases
from bot.services.assignments.assign import candidate_order_for, mark_guidelines_announced
from storage.queries import answer_submission, outbox, task_routing, task_selection
from storage.queries.task_selection import TaskSeeker, TaskSlot
from storage.tables import Assignment, Campaign, Expert

MANUAL_REASON = {"by_hand": True}
"""Why somebody got a task that was handed to them."""


def assign_task(
    session: Session, campaign: Campaign, expert: Expert, task_id: int, now: datetime
) -> Assignment | None:
    """Give a certain task to somebody; None: they had it, may not judge it, or there is no room."""
    place = _next_place_after(session, campaign, expert, task_id - 1)
    if place is None or place.task_id != task_id:
        return None
    return _assign_place(session, campaign, expert, place, now)


def assign_next_tasks(
    session: Session, campaign: Campaign, expert: Expert, limit: int, now: datetime
) -> list[Assignment]:
    """Give the next tasks of a campaign to somebody, `most` at the most, in everybody's order."""
    assignments: list[Assignment] = []
    place = _next_place_after(session, campaign, expert, 0)
    while place and len(assignments) < limit:
        assignment = _assign_place(session, campaign, expert, place, now)
        assignments += [assignment] if assignment else []
        place = _next_place_after(session, campaign, expert, place.task_id)
    return assignments


def queue_task_message(session: Session, expert: Expert, now: datetime) -> None:
    """Let somebody see what waits for them, unless they are gone by the time it can be said."""
    outbox.enqueue(session, "task", recipient=expert.slack_id, payload={"pushed": True}, now=now)


def _next_place_after(
    session: Session, campaign: Campaign, expert: Expert, task_id: int
) -> TaskSlot | None:
    person = task_routing.routing_profile(session, expert.id or 0, for_update=True)
    seeker = TaskSeeker(expert.id or 0, person.slack_id, person.pseudonym)
    campaign_id = campaign.id or 0
    audiences = task_selection.audiences_with_free_slots(session, campaign_id)
    return task_selection.first_slot(session, seeker, campaign_id, audiences, task_id)


def _assign_place(
    session: Session, campaign: Campaign, expert: Expert, place: TaskSlot, now: datetime
) -> Assignment | None:
    if not answer_submission.take_slot(session, place.task_id):
        return None
    expert_id = expert.id or 0
    memberships = {
        pool.campaign_id: pool for pool in task_routing.open_memberships(session, expert_id)
    }
    membership = memberships.get(campaign.id or 0)
    assignment = Assignment(
        task_id=place.task_id,
        campaign_id=campaign.id or 0,
        expert_id=expert.id or 0,
        candidate_order=candidate_order_for(session, campaign.seed, place, expert.id or 0),
        created_at=now,
        leased_until=leases.lease_end(session, expert.id or 0, campaign.lease_minutes, now),
        selection_reason=MANUAL_REASON,
        guidelines_changed_since=mark_guidelines_announced(session, membership, expert_id)
        if membership
        else None,
    )
    session.add(assignment)
    session.flush()
    return assignment
