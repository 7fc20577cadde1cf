"""Giving tasks to experts: never more than the overlap, never one twice, always in stored order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from bot.routing import candidate_order
from bot.services.actors.interaction import Interaction
from bot.services.assignments import leases, selection
from bot.services.assignments.selection import SelectedTask, TaskSearch
from storage.queries import answer_submission, outbox, task_routing, tasks
from storage.queries.task_routing import OpenMembership
from storage.queries.task_selection import TaskSlot
from storage.tables import Assignment, AssignmentState, Expert

MAX_SLOT_ATTEMPTS = 20
"""How often somebody may be beaten to the last place of a task before they are told to wait."""

_EXPERT_BY_SLACK_ID = select(Expert).where(col(Expert.slack_id) == bindparam("slack_id"))


def next_assignment(
    session: Session,
    search: TaskSearch,
    now: datetime,
    selection_reason: Mapping[str, bool] | None = None,
) -> Assignment | None:
    """Return the task somebody should see next: one they hold, else a new one, else None.

    The search holds the lock. `why` is written down with a new one, beside what it has in common
    with them; such a one has its number once the session is flushed.
    """
    expert = search.seeker.expert
    return (
        tasks.oldest_open_assignment(session, expert)
        or _assign_new(session, search, now, selection_reason or {})
        or _reassign_expired(session, expert, now)
    )


def mark_delivered(session: Session, assignment: Assignment, now: datetime) -> None:
    """Write down that the expert is being shown the task; the lease runs from here."""
    if assignment.state == AssignmentState.QUEUED:
        assignment.state = AssignmentState.DELIVERED
        assignment.delivered_at = now
        session.add(assignment)


def request_next_task(  # noqa: PLR0913 - as in `telling.put`
    session: Session,
    message_type: str,
    *,
    recipient: str,
    payload: dict[str, Any],
    now: datetime,
    response_url: str | None = None,
) -> None:
    """Queue the next task for somebody who asks for one: whoever was away is back."""
    end_absence = update(Expert).where(col(Expert.slack_id) == recipient).values(away_since=None)
    session.connection().execute(end_absence)
    outbox.enqueue(
        session,
        message_type,
        recipient=recipient,
        payload=payload,
        now=now,
        response_url=response_url,
    )


def request_next_task_in_place(session: Session, interaction: Interaction) -> None:
    """Queue the next task for somebody who clicked: it comes where they did."""
    payload = {
        "assignment": None,
        "channel": interaction.channel,
        "message_ts": interaction.message_ts,
    }
    request_next_task(
        session,
        "turn",
        recipient=interaction.slack_id,
        payload=payload,
        now=interaction.at,
        response_url=interaction.response_url,
    )


def expert_by_slack_id(session: Session, slack_id: str) -> Expert | None:
    """Return the expert with this Slack id, if there is one."""
    return session.exec(_EXPERT_BY_SLACK_ID, params={"slack_id": slack_id}).first()


def _assign_new(
    session: Session, search: TaskSearch, now: datetime, selection_reason: Mapping[str, bool]
) -> Assignment | None:
    """Give what is chosen; if somebody took its last place in this moment, choose again."""
    expert_id = search.seeker.expert
    for _ in range(MAX_SLOT_ATTEMPTS):
        choice = selection.select_next_task(session, search, now)
        if choice is None:
            return None
        assignment = _build_assignment(session, choice, expert_id, now, selection_reason)
        if answer_submission.take_slot(
            session, choice.slot.task_id
        ):  # who comes next waits from here on
            assignment.guidelines_changed_since = mark_guidelines_announced(
                session, choice.membership, expert_id
            )
            session.add(assignment)
            return assignment
    return None


def _build_assignment(
    session: Session,
    choice: SelectedTask,
    expert_id: int,
    now: datetime,
    selection_reason: Mapping[str, bool],
) -> Assignment:
    task, pool = choice.slot.task_id, choice.membership
    return Assignment(
        task_id=task,
        campaign_id=pool.campaign_id,
        expert_id=expert_id,
        candidate_order=candidate_order_for(session, pool.seed, choice.slot, expert_id),
        created_at=now,
        leased_until=leases.lease_end(session, expert_id, pool.lease_minutes, now),
        selection_reason={**asdict(choice.fit), **selection_reason},
    )


def mark_guidelines_announced(session: Session, pool: OpenMembership, expert_id: int) -> int | None:
    """Return since which version the person knows nothing of the guidelines; None: they know all.

    They are told of it on this task, and on no other.
    """
    if pool.guidelines_version_seen >= pool.guidelines_version:
        return None
    task_routing.mark_guidelines_seen(session, expert_id, pool.campaign_id, pool.guidelines_version)
    return pool.guidelines_version_seen


def candidate_order_for(session: Session, seed: str, place: TaskSlot, expert_id: int) -> list[int]:
    """Return the order of the candidates: who looks at an answer sees them as it was given."""
    if place.confirms_assignment_id is not None:
        return list(session.get_one(Assignment, place.confirms_assignment_id).candidate_order)
    count = tasks.candidate_count(session, place.item_id)
    return candidate_order(seed, place.task_id, expert_id, count)


def _reassign_expired(session: Session, expert_id: int, now: datetime) -> Assignment | None:
    """A task that once expired may come back to the same person when nothing else waits."""
    found = tasks.reassignable_assignment(session, expert_id)
    if not found:
        return None
    assignment, campaign = found
    if not answer_submission.take_slot(session, assignment.task_id):
        return None
    assignment.state = AssignmentState.QUEUED
    assignment.leased_until = leases.lease_end(session, expert_id, campaign.lease_minutes, now)
    session.add(assignment)
    session.flush()
    return assignment
