"""Progress of one expert: answers given and tasks waiting, in all and by campaign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.cadence.daily_limit import estimate_minutes
from bot.cadence.working_hours import start_of_day
from bot.services.assignments import selection
from bot.services.tasks.next_task import MAX_COUNTED_TASKS
from bot.services.tasks.no_task_reasons import NoTaskReason, find_reason
from storage.queries import expert_activity, tasks
from storage.queries.experts import expert_by_slack_id
from storage.row_id import id_of
from storage.tables import Campaign, Expert


@dataclass(frozen=True, slots=True)
class Progress:
    """Answers and waiting tasks of one expert.

    Attributes:
        answered_today: answers since midnight in the expert's time zone.
        answered_total: answers in all campaigns.
        waiting: tasks waiting, counted up to MAX_COUNTED_TASKS.
        has_more: whether counting stopped at that limit.
        estimated_minutes: time that the counted tasks will probably take this expert.
    """

    answered_today: int
    answered_total: int
    waiting: int
    has_more: bool
    estimated_minutes: int = 0


@dataclass(frozen=True, slots=True)
class CampaignProgress:
    """Answers and waiting tasks of one expert in one open campaign, as in `Progress`.

    `has_open_task`: the expert has started a task of it, or was sent one. `reason` is what keeps
    them from its tasks if none is waiting.
    """

    campaign_id: int
    name: str
    title: str
    answered: int
    waiting: int
    has_more: bool
    estimated_minutes: int
    has_open_task: bool
    reason: NoTaskReason | None = None


def progress_of(session: Session, slack_id: str, now: datetime) -> Progress | None:
    """Return the progress of an expert, or None if this person is not an expert."""
    expert = expert_by_slack_id(session, slack_id)
    if expert is None:
        return None
    return total_progress(session, expert, list_campaigns(session, id_of(expert), now), now)


def total_progress(
    session: Session, expert: Expert, campaigns: Sequence[CampaignProgress], now: datetime
) -> Progress:
    """Return the progress of an expert in all campaigns, given that in the open ones."""
    expert_id = id_of(expert)
    waiting = min(sum(campaign.waiting for campaign in campaigns), MAX_COUNTED_TASKS)
    return Progress(
        answered_today=expert_activity.count_answered(
            session, expert_id, start_of_day(expert.tz, now)
        ),
        answered_total=expert_activity.count_answered(session, expert_id),
        waiting=waiting,
        has_more=waiting >= MAX_COUNTED_TASKS,
        estimated_minutes=sum(campaign.estimated_minutes for campaign in campaigns),
    )


def list_campaigns(session: Session, expert_id: int, now: datetime) -> list[CampaignProgress]:
    """Return an expert's open campaigns, in the order in which their tasks come."""
    search = selection.build_search(session, expert_id, now)
    waiting = selection.count_waiting_by_campaign(session, search, MAX_COUNTED_TASKS)
    answered = expert_activity.count_answered_by_campaign(session, expert_id)
    medians = expert_activity.median_seconds_by_kind(session, expert_id)
    progress = []
    for membership in search.memberships:
        campaign_id = membership.campaign_id
        campaign, count = session.get_one(Campaign, campaign_id), waiting[campaign_id]
        open_task = tasks.oldest_open_assignment(session, expert_id, campaign_id)
        progress.append(
            CampaignProgress(
                campaign_id,
                campaign.name,
                campaign.title,
                answered=answered.get(campaign_id, 0),
                waiting=min(count, MAX_COUNTED_TASKS),
                has_more=count >= MAX_COUNTED_TASKS,
                estimated_minutes=estimate_minutes({campaign.kind: count}, medians),
                has_open_task=open_task is not None,
                reason=None if count else find_reason(session, search, membership),
            )
        )
    return progress
