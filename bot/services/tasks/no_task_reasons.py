"""Why an expert gets no task: a limit that they chose, a quota, or practice that is not ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from bot.cadence.daily_limit import Limit
from bot.services.assignments import practice, selection
from bot.services.assignments.selection import TaskSearch
from bot.services.availability import daily_limit
from storage.queries import task_selection
from storage.queries.experts import ExpertLimits
from storage.queries.task_routing import OpenMembership
from storage.tables import Campaign


@dataclass(frozen=True, slots=True)
class LimitReached:
    """A limit that the expert chose and has reached: minutes a day, or tasks in a row."""

    limit: Limit
    amount: int


class Obstacle(StrEnum):
    """What keeps an expert from the tasks of a campaign that has some left for them."""

    DAILY_QUOTA = "daily quota"
    QUOTA = "quota"
    PRACTICE_NOT_READY = "practice not ready"


TEXTS = {
    Obstacle.DAILY_QUOTA: (
        "You have reached today's limit of {amount:,} in “{campaign}”. Tasks continue tomorrow."
    ),
    Obstacle.QUOTA: (
        "You have reached the limit of {amount:,} per expert in “{campaign}”. Thank you!"
    ),
    Obstacle.PRACTICE_NOT_READY: (
        "The practice of “{campaign}” has too few questions. The coordinators know; you get a "
        "message when it is ready."
    ),
}


@dataclass(frozen=True, slots=True)
class NoTaskReason:
    """What keeps an expert from the tasks of a campaign; `amount` is the quota, if it is one."""

    obstacle: Obstacle
    campaign: str
    amount: int = 0

    def __str__(self) -> str:
        """Return it as a sentence to the expert."""
        return TEXTS[self.obstacle].format(amount=self.amount, campaign=self.campaign)


def find_limit_reached(
    session: Session, expert: ExpertLimits, search: TaskSearch, now: datetime
) -> LimitReached | None:
    """Return the limit that an expert chose and has reached, None if no task is waiting anyway."""
    limit = daily_limit.limit_since_lifted(session, expert, now)
    if limit is None or not selection.count_waiting(session, search, 1):
        return None
    amount = expert.daily_limit_minutes if limit == Limit.TIME else expert.batch_size
    return LimitReached(limit, amount or 0)


def find_reasons(session: Session, search: TaskSearch) -> tuple[NoTaskReason, ...]:
    """Return why an expert gets no task, for each campaign that has items left for them."""
    found = (find_reason(session, search, membership) for membership in search.memberships)
    return tuple(reason for reason in found if reason)


def find_reason(
    session: Session, search: TaskSearch, membership: OpenMembership
) -> NoTaskReason | None:
    """Return what keeps an expert from a campaign's tasks; None: nothing, or none is left."""
    obstacle, amount = _find_obstacle(session, search, membership)
    if obstacle is None:
        return None
    campaign = session.get_one(Campaign, membership.campaign_id)
    return NoTaskReason(obstacle, campaign.title, amount)


def _find_obstacle(
    session: Session, search: TaskSearch, membership: OpenMembership
) -> tuple[Obstacle | None, int]:
    if membership.needs_practice:
        slots = search.practice_slots(session, membership)
        is_short = practice.lacks_questions(session, search.seeker, membership, slots)
        return (Obstacle.PRACTICE_NOT_READY if is_short else None), 0
    quota = search.quota(session, membership)
    if quota is None or quota.left or not _has_free_task(session, search, membership):
        return None, 0
    return (Obstacle.DAILY_QUOTA if quota.is_daily else Obstacle.QUOTA), quota.amount


def _has_free_task(session: Session, search: TaskSearch, membership: OpenMembership) -> bool:
    """Return whether a campaign has a task that suits the expert, whatever their quota is."""
    audiences = list(search.fitting_audiences(session, membership))
    return task_selection.count_slots(session, search.seeker, membership, audiences, 1) > 0
