"""Allotting tasks to somebody whom a coordinator names: a certain one, or the next few.

They see them one by one, in their own hours, before anything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.errors import BotError
from bot.services.actors.actor import Actor, subject_of
from bot.services.assignments import assign, direct
from bot.services.availability.reachability import ContactResult, is_dnd_known
from bot.services.campaigns import campaigns
from bot.services.tasks import scheduled_delivery
from storage.queries import open_assignments, task_routing
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.tables import Campaign, CampaignState, Expert, Item, Task

NOTIFY_DELAY = timedelta(minutes=1)
"""What is being shown at this moment needs no second word."""

MAX_ASSIGNED_AT_ONCE = 50
"""Tasks handed to one person at once."""

NOT_A_MEMBER = "not in this campaign: invite them first"
NO_TASKS_LEFT = "no task is left that they may have"


class PausedCampaignError(BotError):
    """“{name}” is paused, so nothing is handed out; `/label resume {name}` opens it again."""


@dataclass(frozen=True, slots=True)
class AssignmentResult:
    """How many tasks one person was given, and if none, why."""

    slack_id: str
    assigned_count: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AssignmentRequest:
    """What is handed: the task of one item (by its key), or the next `most` (1 to 50)."""

    item_key: str = ""
    count: int = 1


def assign_tasks(
    session: Session, campaign: Campaign, slack_id: str, request: AssignmentRequest, actor: Actor
) -> AssignmentResult:
    """Give a person tasks of a campaign.

    Raises:
        ClosedCampaignError, NotOpenError: as `check_open`.
    """
    require_open(campaign)
    expert = assign.expert_by_slack_id(session, slack_id)
    if expert is None or not _is_member(session, campaign, expert):
        return AssignmentResult(slack_id, 0, NOT_A_MEMBER)
    count = _assign(session, campaign, expert, request, actor)
    if not count:
        return AssignmentResult(slack_id, 0, NO_TASKS_LEFT)
    details = {"expert": slack_id, "tasks": count, "item": request.item_key}
    actor.record(session, "assigned", subject_of(campaign), **details)
    return AssignmentResult(slack_id, count)


def require_open(campaign: Campaign) -> None:
    """Let pass a campaign that hands out tasks.

    Raises:
        ClosedCampaignError: it is over.
        NotOpenError: it is paused.
    """
    campaigns.require_not_closed(campaign)
    if campaign.state != CampaignState.OPEN:
        raise PausedCampaignError(name=campaign.name)


def notify_assignees(session: Session, now: datetime) -> ContactResult:
    """Bring what was handed out or sent back to who may be spoken to and is shown nothing."""
    acquire_advisory_lock(session, "bring what was handed out")
    people, to_ask = 0, []
    for expert in open_assignments.experts_with_undelivered_tasks(session, now - NOTIFY_DELAY):
        if not scheduled_delivery.can_dispatch_to(session, expert, now):
            continue
        if is_dnd_known(expert, now):
            direct.queue_task_message(session, expert, now)
            people += 1
        else:
            to_ask.append(expert.slack_id)
    return ContactResult(people, tuple(to_ask))


def _is_member(session: Session, campaign: Campaign, expert: Expert) -> bool:
    pools = task_routing.open_memberships(session, expert.id or 0)
    return any(pool.campaign_id == campaign.id for pool in pools)


def _assign(
    session: Session, campaign: Campaign, expert: Expert, request: AssignmentRequest, actor: Actor
) -> int:
    if not request.item_key:
        limit = min(max(request.count, 1), MAX_ASSIGNED_AT_ONCE)
        return len(direct.assign_next_tasks(session, campaign, expert, limit, actor.at))
    query = (
        select(Task.id)
        .join(Item, col(Item.id) == col(Task.item_id))
        .where(Item.campaign_id == campaign.id, Item.key == request.item_key)
        .where(col(Task.confirms_assignment_id).is_(None))
    )
    task = session.exec(query).first()
    return int(bool(task and direct.assign_task(session, campaign, expert, task, actor.at)))
