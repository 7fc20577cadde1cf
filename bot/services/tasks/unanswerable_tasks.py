"""Tasks that no expert is left for: put on hold, so that status and review show them."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.services.assignments.selection import build_search
from storage.queries import on_hold_tasks, unanswerable_tasks
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.queries.on_hold_tasks import HOLD_REASON_NO_EXPERT


def find_unanswerable(session: Session, now: datetime) -> list[int]:
    """Return the tasks that were skipped and that no suitable member can get any more."""
    skipped = unanswerable_tasks.skipped_tasks(session)
    audiences = {(task.campaign_id, task.audience) for task in skipped}
    suitable = {audience: _suitable_members(session, *audience, now) for audience in audiences}
    had = unanswerable_tasks.experts_who_had(session, [task.task_id for task in skipped])
    return [
        task.task_id
        for task in skipped
        if suitable[task.campaign_id, task.audience] <= had[task.task_id]
    ]


def hold_unanswerable(session: Session, now: datetime) -> int:
    """Put these tasks on hold until somebody joins or a coordinator decides; return how many."""
    acquire_advisory_lock(session, "hold_unanswerable")
    return sum(
        on_hold_tasks.put_on_hold(session, task_id, HOLD_REASON_NO_EXPERT, now)
        for task_id in find_unanswerable(session, now)
    )


def _suitable_members(session: Session, campaign_id: int, audience: str, now: datetime) -> set[int]:
    members = unanswerable_tasks.members_of(session, campaign_id)
    searches = {expert_id: build_search(session, expert_id, now) for expert_id in members}
    return {
        expert_id
        for expert_id, search in searches.items()
        for membership in search.memberships
        if membership.campaign_id == campaign_id and search.fit_for(membership, audience)
    }
