"""Assigning the next task to an expert: each expert once, never more experts than the overlap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlmodel import Session

from bot.messages.tasks import NewTaskMessage, TaskPageMessage
from bot.routing import candidate_order
from bot.services.actors.interaction import Interaction
from bot.services.assignments import leases, selection
from bot.services.assignments.selection import SelectedTask, TaskSearch
from storage.queries import (
    answer_submission,
    assignments,
    experts,
    next_task,
    outbox,
    practice,
    task_routing,
    tasks,
)
from storage.queries.assignments import HeldTask, NewAssignment
from storage.queries.task_routing import OpenMembership
from storage.queries.task_selection import TaskSlot
from storage.row_id import id_of
from storage.tables import Assignment, AssignmentState

MAX_SLOT_ATTEMPTS = 20
"""Attempts to take a free slot before giving up, if others keep taking the last one first."""


def next_assignment(
    session: Session,
    search: TaskSearch,
    now: datetime,
    selection_reason: Mapping[str, bool] | None = None,
) -> HeldTask | None:
    """Return an expert's open assignment, else a new one, else an expired one, else None.

    The campaign that the expert chose comes first, even if they have a task of another one open.
    The search must hold the expert's lock. `selection_reason` is stored with a new assignment, in
    addition to its fit.
    """
    expert = search.seeker.expert_id
    reason = selection_reason or {}
    return (
        _next_in_chosen_campaign(session, search, now, reason)
        or next_task.held_task(session, expert)
        or _assign_new(session, search, now, reason)
        or _reassign_expired(session, search, now)
    )


def _next_in_chosen_campaign(
    session: Session, search: TaskSearch, now: datetime, selection_reason: Mapping[str, bool]
) -> HeldTask | None:
    chosen = search.in_chosen_campaign()
    if chosen is None:
        return None
    (membership,) = chosen.memberships
    return next_task.held_task(
        session, search.seeker.expert_id, membership.campaign_id
    ) or _assign_new(session, chosen, now, selection_reason)


def request_next_task(
    session: Session,
    message: NewTaskMessage | TaskPageMessage,
    *,
    recipient: str,
    now: datetime,
    response_url: str | None = None,
) -> None:
    """Queue the next task for someone who asks for one, and end their absence."""
    experts.end_absence_by_slack_id(session, recipient)
    outbox.enqueue(session, message, recipient=recipient, now=now, response_url=response_url)


def request_next_task_in_place(session: Session, interaction: Interaction) -> None:
    """Queue the next task for someone who clicked, in place of the message they clicked."""
    request_next_task(
        session,
        TaskPageMessage(None, interaction.channel, interaction.message_ts),
        recipient=interaction.slack_id,
        now=interaction.at,
        response_url=interaction.response_url,
    )


def _assign_new(
    session: Session, search: TaskSearch, now: datetime, selection_reason: Mapping[str, bool]
) -> HeldTask | None:
    """Assign the selected task; select again if someone else took its last slot meanwhile."""
    expert_id = search.seeker.expert_id
    for _ in range(MAX_SLOT_ATTEMPTS):
        choice = selection.select_next_task(session, search, now)
        if choice is None:
            return None
        assignment = _build_assignment(session, choice, expert_id, now, selection_reason)
        # `take_slot` locks the task: later transactions for it wait from here on.
        if answer_submission.take_slot(session, choice.slot.task_id):
            changed_since = mark_guidelines_announced(session, choice.membership, expert_id)
            held = assignments.add_assignment(
                session, assignment._replace(guidelines_changed_since=changed_since)
            )
            if choice.is_practice:
                practice.link_question(session, assignment.task_id, held.id)
            return held
    return None


def _build_assignment(
    session: Session,
    choice: SelectedTask,
    expert_id: int,
    now: datetime,
    selection_reason: Mapping[str, bool],
) -> NewAssignment:
    slot, membership = choice.slot, choice.membership
    return NewAssignment(
        task_id=slot.task_id,
        campaign_id=membership.campaign_id,
        expert_id=expert_id,
        candidate_order=candidate_order_for(session, membership.seed, slot, expert_id),
        created_at=now,
        leased_until=leases.lease_end(session, expert_id, membership.lease_minutes, now),
        selection_reason={**asdict(choice.fit), **selection_reason},
    )


def mark_guidelines_announced(
    session: Session, membership: OpenMembership, expert_id: int
) -> int | None:
    """Return the guidelines version the expert saw last and mark the current one as seen.

    None means that they have seen the current version. The task being assigned announces the
    change, so later tasks do not.
    """
    seen, current = membership.guidelines_version_seen, membership.guidelines_version
    if seen >= current:
        return None
    task_routing.mark_guidelines_seen(session, expert_id, membership.campaign_id, current)
    return seen


def candidate_order_for(session: Session, seed: str, slot: TaskSlot, expert_id: int) -> list[int]:
    """Return the order in which an expert sees the candidates.

    To confirm an answer, they see the order in which it was given.
    """
    if slot.confirms_assignment_id is not None:
        return list(session.get_one(Assignment, slot.confirms_assignment_id).candidate_order)
    count = tasks.candidate_count(session, slot.item_id)
    return candidate_order(seed, slot.task_id, expert_id, count)


def _reassign_expired(session: Session, search: TaskSearch, now: datetime) -> HeldTask | None:
    """Return an expired assignment to the same expert, for when nothing else is left for them."""
    expert_id = search.seeker.expert_id
    at_quota = [
        one.campaign_id for one in search.memberships if search.quota_left(session, one) == 0
    ]
    row = tasks.reassignable_assignment(session, expert_id, at_quota)
    if not row:
        return None
    assignment, campaign = row
    if not answer_submission.take_slot(session, assignment.task_id):
        return None
    assignment.state = AssignmentState.QUEUED
    assignment.leased_until = leases.lease_end(session, expert_id, campaign.lease_minutes, now)
    session.add(assignment)
    session.flush()
    return HeldTask(id_of(assignment), assignment.state)
