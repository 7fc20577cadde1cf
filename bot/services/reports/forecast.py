"""When campaigns will be done, from what was answered in the last weeks; and what would help."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate

from sqlmodel import Session

from bot.quality import forecast as quality
from bot.quality.forecast import DEFAULT_WORK_DAYS, AnswerRate, Forecast, Speedup
from bot.services.reports import campaign_status
from bot.services.reports.campaign_status import CampaignStatus
from storage.queries import needs_attention, votes
from storage.queries.needs_attention import MemberAvailability
from storage.tables import Campaign

LOOKBACK = timedelta(days=21)
"""As far back as the last two working weeks can lie."""


@dataclass(frozen=True, slots=True)
class CampaignForecast:
    """How a campaign goes on.

    Attributes:
        left: answers that are still wanted.
        pace: answers on the last working days.
        forecast: when they will be there; None where nothing says so.
        helps: what would bring that nearer, the most telling first.
        this_week: answers of the last seven days.
    """

    remaining: int
    pace: AnswerRate
    forecast: Forecast | None
    suggestions: tuple[Speedup, ...]
    answers_this_week: int


@dataclass(frozen=True, slots=True)
class RecentActivity:
    """What was answered lately, by campaign, and by how many."""

    answers_by_day: Mapping[int, Mapping[date, int]]
    active_experts: Mapping[int, int]
    remaining_with_less_overlap: Mapping[int, int]


def recent_activity(session: Session, now: datetime) -> RecentActivity:
    """Return what was answered in the last weeks."""
    since = datetime.combine((now - LOOKBACK).date(), time(), now.tzinfo)
    return RecentActivity(
        answers_by_day=votes.answers_by_day(session, since),
        active_experts=votes.count_active_experts(session, since),
        remaining_with_less_overlap=votes.remaining_with_less_overlap(session),
    )


def forecast_campaign(
    status: CampaignStatus,
    activity: RecentActivity,
    members: Iterable[MemberAvailability],
    now: datetime,
) -> CampaignForecast:
    """Return how a campaign goes on, given what was answered lately. Days are those of UTC."""
    today, weekdays = now.date(), _working_weekdays(members)
    counts = activity.answers_by_day.get(status.id, {})
    remaining = max(0, status.wanted - status.answered)
    pace = quality.answer_rate(counts, today, activity.active_experts.get(status.id, 0), weekdays)
    remaining_with_less = (
        activity.remaining_with_less_overlap.get(status.id, remaining)
        if status.overlap > 1
        else remaining
    )
    return CampaignForecast(
        remaining=remaining,
        pace=pace,
        forecast=quality.forecast_completion(pace, remaining, today, weekdays),
        suggestions=tuple(
            quality.find_speedups(pace, remaining, remaining_with_less, today, weekdays)
        ),
        answers_this_week=sum(n for day, n in counts.items() if day > today - timedelta(days=7)),
    )


def _working_weekdays(members: Iterable[MemberAvailability]) -> tuple[int, ...]:
    """Return the days on which anybody in the pool works."""
    days = {day for member in members for day in member.work_days}
    return tuple(sorted(days)) or DEFAULT_WORK_DAYS


@dataclass(frozen=True, slots=True)
class ProgressCurve:
    """How the answers of a campaign grew, to be drawn.

    Attributes:
        days: from the first answer to today, without a gap.
        answers: how many there were at the end of each.
        forecast: how it goes on; None where nothing says so.
    """

    name: str
    title: str
    wanted: int
    days: tuple[date, ...]
    answers: tuple[int, ...]
    forecast: Forecast | None
    deadline: date | None


def progress_curve(session: Session, campaign: Campaign, now: datetime) -> ProgressCurve:
    """Return how the answers of a campaign grew, by days of UTC."""
    campaign_id = campaign.id or 0
    status = campaign_status.status_of(session, campaign)
    counts = votes.answers_by_day(session, campaign_id=campaign_id).get(campaign_id, {})
    members = [
        one for one in needs_attention.active_members(session) if one.campaign_id == campaign_id
    ]
    first, today = min(counts, default=now.date()), now.date()
    days = tuple(first + timedelta(days=offset) for offset in range((today - first).days + 1))
    return ProgressCurve(
        name=campaign.name,
        title=campaign.title,
        wanted=status.wanted,
        days=days if counts else (),
        answers=tuple(accumulate(counts.get(day, 0) for day in days)) if counts else (),
        forecast=forecast_campaign(status, recent_activity(session, now), members, now).forecast,
        deadline=campaign.deadline.date() if campaign.deadline else None,
    )
