"""Forecast of a campaign: completion date from recent answers, and changes to finish sooner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from math import inf

from sqlmodel import Session

from bot.quality import forecast as quality
from bot.quality.answer_quotas import AnswerQuotas, ExpertQuota
from bot.quality.forecast import DEFAULT_WORK_DAYS, AnswerRate, Forecast, Speedup
from bot.services.reports import campaign_status
from bot.services.reports.campaign_status import CampaignStatus
from storage.queries import needs_attention, quotas, votes
from storage.queries.needs_attention import MemberAvailability
from storage.queries.quotas import MemberAnswers
from storage.row_id import id_of
from storage.tables import Campaign

LOOKBACK = timedelta(days=21)
"""Period that always contains the last two working weeks."""


@dataclass(frozen=True, slots=True)
class CampaignForecast:
    """Forecast of a campaign.

    Attributes:
        remaining: answers still needed, or expected to be if the overlap is adaptive.
        pace: answers per working day.
        forecast: completion date; None if there are too few answers.
        suggestions: changes that would end the campaign sooner, the most effective first.
        answers_this_week: answers in the last seven days.
        answers_left: answers that all members may still give; None without a quota.
    """

    remaining: int
    pace: AnswerRate
    forecast: Forecast | None
    suggestions: tuple[Speedup, ...]
    answers_this_week: int
    answers_left: int | None = None


@dataclass(frozen=True, slots=True)
class RecentActivity:
    """Recent answers, active experts, and quotas of the campaigns that have any, by campaign id."""

    answers_by_day: Mapping[int, Mapping[date, int]]
    active_experts: Mapping[int, int]
    remaining_with_less_overlap: Mapping[int, int]
    quotas: Mapping[int, AnswerQuotas] = field(default_factory=dict)


def recent_activity(
    session: Session, now: datetime, by_day: Mapping[int, Mapping[date, int]] | None = None
) -> RecentActivity:
    """Return the activity of all campaigns within LOOKBACK.

    Args:
        session: reads it.
        now: the current time, UTC.
        by_day: all answers by campaign and day, if the activity of these campaigns is enough.
    """
    since = datetime.combine((now - LOOKBACK).date(), time(), now.tzinfo)
    if by_day is None:
        by_day = votes.answers_by_day(session, since)
    return RecentActivity(
        answers_by_day={
            campaign: {day: count for day, count in days.items() if day >= since.date()}
            for campaign, days in by_day.items()
        },
        active_experts=votes.count_active_experts(session, since),
        remaining_with_less_overlap=votes.remaining_with_less_overlap(session),
        quotas=_answer_quotas(session, since),
    )


def _answer_quotas(session: Session, since: datetime) -> dict[int, AnswerQuotas]:
    members: defaultdict[int, list[MemberAnswers]] = defaultdict(list)
    for member in quotas.answers_of_members(session, since):
        members[member.campaign_id].append(member)
    return {campaign_id: _quotas_of(found) for campaign_id, found in members.items()}


def _quotas_of(members: Sequence[MemberAnswers]) -> AnswerQuotas:
    """Return the quotas of one campaign. Gold questions use them up, but are no answers needed."""
    first, recent = members[0], sum(member.recent for member in members)
    needed_share = 1 - first.gold_share
    total = first.max_answers * needed_share or inf
    return AnswerQuotas(
        tuple(
            ExpertQuota(
                member.recent / max(recent, 1), max(total - member.answers * needed_share, 0)
            )
            for member in members
        ),
        per_expert=total,
        per_day=first.max_answers_per_day * needed_share or inf,
    )


def forecast_campaign(
    status: CampaignStatus,
    activity: RecentActivity,
    members: Iterable[MemberAvailability],
    now: datetime,
) -> CampaignForecast:
    """Forecast a campaign from its recent activity. Days are UTC days."""
    today, weekdays = now.date(), _working_weekdays(members)
    counts = activity.answers_by_day.get(status.id, {})
    remaining = max(0, max(status.wanted, status.expected or 0) - status.answered)
    limits, active = activity.quotas.get(status.id), activity.active_experts.get(status.id, 0)
    pace = replace(quality.answer_rate(counts, today, active, weekdays), quotas=limits)
    remaining_with_less_overlap = (
        activity.remaining_with_less_overlap.get(status.id, remaining)
        if status.overlap > 1 and status.max_overlap is None
        else remaining
    )
    return CampaignForecast(
        remaining=remaining,
        pace=pace,
        forecast=quality.forecast_completion(pace, remaining, today, weekdays),
        suggestions=tuple(
            quality.find_speedups(pace, remaining, remaining_with_less_overlap, today, weekdays)
        ),
        answers_this_week=sum(
            count for day, count in counts.items() if day > today - timedelta(days=7)
        ),
        answers_left=int(limits.answers_left) if limits and limits.answers_left < inf else None,
    )


def _working_weekdays(members: Iterable[MemberAvailability]) -> tuple[int, ...]:
    """Return the ISO weekdays on which any member works."""
    days = {day for member in members for day in member.work_days}
    return tuple(sorted(days)) or DEFAULT_WORK_DAYS


@dataclass(frozen=True, slots=True)
class ProgressCurve:
    """Answers of a campaign over time, for the chart.

    Attributes:
        days: every day from the first answer to today.
        answers: total answers at the end of each day.
        forecast: completion date; None if there are too few answers.
    """

    name: str
    title: str
    wanted: int
    days: tuple[date, ...]
    answers: tuple[int, ...]
    forecast: Forecast | None
    deadline: date | None


def progress_curve(session: Session, campaign: Campaign, now: datetime) -> ProgressCurve:
    """Return the answers of a campaign over time, by UTC day."""
    campaign_id = id_of(campaign)
    status = campaign_status.status_of(session, campaign)
    counts = votes.answers_by_day(session, campaign_id=campaign_id).get(campaign_id, {})
    members = [
        member
        for member in needs_attention.active_members(session)
        if member.campaign_id == campaign_id
    ]
    first, today = min(counts, default=now.date()), now.date()
    days = tuple(first + timedelta(days=offset) for offset in range((today - first).days + 1))
    return ProgressCurve(
        name=campaign.name,
        title=campaign.title,
        wanted=max(status.wanted, status.expected or 0),
        days=days if counts else (),
        answers=tuple(accumulate(counts.get(day, 0) for day in days)) if counts else (),
        forecast=forecast_campaign(status, recent_activity(session, now), members, now).forecast,
        deadline=campaign.deadline.date() if campaign.deadline else None,
    )
