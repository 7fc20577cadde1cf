"""Manual assignment: a coordinator assigns one task, or the next few, to an expert.

Assigned tasks are delivered one by one in working hours, before any other task.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from sqlmodel import Session

from bot.errors import BotError
from bot.services.actors.actor import Actor, subject_of
from bot.services.assignments import direct
from bot.services.availability.reachability import ContactResult, is_dnd_known
from bot.services.campaigns import campaigns
from bot.services.items import references
from bot.services.tasks import scheduled_delivery
from storage.queries import item_search, items, open_assignments, task_routing
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.queries.experts import expert_by_slack_id
from storage.queries.item_search import ItemFilter
from storage.row_id import id_of
from storage.tables import Campaign, CampaignState, Expert

NOTIFY_DELAY = timedelta(minutes=1)
"""Tasks queued more recently than this are probably being delivered already."""

MAX_ASSIGNED_AT_ONCE = 50
"""Tasks that can be assigned to one person in one request."""

MAX_SEARCHED = 2_000
"""Items that a filter may find in one request."""

NOT_A_MEMBER = "not a member of this campaign; invite them first"
NO_TASKS_LEFT = "no task left for them"
QUOTA_REACHED = "has reached the maximum answers per expert in this campaign"
DAILY_QUOTA_REACHED = "has reached the maximum answers per expert and day; assign more tomorrow"
PRACTICE_NOT_PASSED = "has not passed the practice; admit them first"


class PausedCampaignError(BotError):
    """“{name}” is paused, so no tasks are assigned. Use `/label resume {name}` to resume it."""


@dataclass(frozen=True, slots=True)
class AssignmentResult:
    """Number of tasks assigned to one person; if none, the reason."""

    slack_id: str
    assigned_count: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AssignmentRequest:
    """What to assign: certain items, or else the next `count` tasks.

    `item` is the id of an item, or the reference of a task, and so are `items`. With `wanted`, only
    items that it finds are assigned, in imported order. One request assigns up to
    MAX_ASSIGNED_AT_ONCE tasks to a person.
    """

    item: str = ""
    count: int = 1
    items: tuple[str, ...] = ()
    wanted: ItemFilter | None = None

    @property
    def named_items(self) -> tuple[str, ...]:
        """Return all items that are named."""
        return (*((self.item,) if self.item else ()), *self.items)

    @property
    def limit(self) -> int:
        """Return how many tasks one person gets at most."""
        return min(max(len(self.named_items) or self.count, 1), MAX_ASSIGNED_AT_ONCE)


def assign_tasks(
    session: Session, campaign: Campaign, slack_id: str, request: AssignmentRequest, actor: Actor
) -> AssignmentResult:
    """Assign tasks of a campaign to a person.

    Raises:
        ClosedCampaignError, PausedCampaignError: as `require_open`.
        UnknownItemError: the campaign has no such item.
    """
    require_open(campaign)
    expert = expert_by_slack_id(session, slack_id)
    if expert is None or not _is_member(session, campaign, expert):
        return AssignmentResult(slack_id, 0, NOT_A_MEMBER)
    if direct.needs_practice(session, campaign, expert):
        return AssignmentResult(slack_id, 0, PRACTICE_NOT_PASSED)
    quota = direct.find_quota(session, campaign, expert, actor.at)
    if quota and not quota.left:
        reason = DAILY_QUOTA_REACHED if quota.is_daily else QUOTA_REACHED
        return AssignmentResult(slack_id, 0, reason)
    limit = min(request.limit, quota.left) if quota else request.limit
    if request.named_items or request.wanted is not None:
        assigned = (
            direct.assign_task(session, campaign, expert, task_id, actor.at)
            for task_id in _chosen_tasks(session, campaign, request)
        )
        count = len(list(islice(filter(None, assigned), limit)))
    else:
        count = len(direct.assign_next_tasks(session, campaign, expert, limit, actor.at))
    if not count:
        return AssignmentResult(slack_id, 0, NO_TASKS_LEFT)
    item_key = ", ".join(request.named_items)
    details = {"expert": slack_id, "task_count": count, "item_key": item_key}
    actor.record(session, "assigned tasks", subject_of(campaign), **details)
    return AssignmentResult(slack_id, count)


def require_open(campaign: Campaign) -> None:
    """Raise unless the campaign is open.

    Raises:
        ClosedCampaignError: the campaign is closed.
        PausedCampaignError: the campaign is paused.
    """
    campaigns.require_not_closed(campaign)
    if campaign.state != CampaignState.OPEN:
        raise PausedCampaignError(name=campaign.name)


def notify_assignees(session: Session, now: datetime) -> ContactResult:
    """Queue a message for reachable experts with assigned or returned tasks they were not shown.

    Return also the experts whose Do Not Disturb status must be fetched first.
    """
    acquire_advisory_lock(session, "notify_assignees")
    messaged, dnd_unknown_ids = 0, []
    for expert in open_assignments.experts_with_undelivered_tasks(session, now - NOTIFY_DELAY):
        if not scheduled_delivery.can_dispatch_to(session, expert, now):
            continue
        if is_dnd_known(expert, now):
            direct.queue_task_message(session, expert, now)
            messaged += 1
        else:
            dnd_unknown_ids.append(expert.slack_id)
    return ContactResult(messaged, tuple(dnd_unknown_ids))


def _is_member(session: Session, campaign: Campaign, expert: Expert) -> bool:
    memberships = task_routing.open_memberships(session, id_of(expert))
    return any(membership.campaign_id == campaign.id for membership in memberships)


def _chosen_tasks(session: Session, campaign: Campaign, request: AssignmentRequest) -> list[int]:
    """Return the tasks of the named items, or of those that the filter finds."""
    if request.wanted is None:
        found = [references.find_item(session, campaign, one) for one in request.named_items]
        return [items.task_id_of(session, one) for one in dict.fromkeys(found)]
    wanted = replace(request.wanted, campaign_domains=tuple(campaign.domains))
    page = item_search.find_items(session, id_of(campaign), wanted, limit=MAX_SEARCHED)
    return [one.task_id for one in page]
