"""When campaigns will be done, from what was answered in the last weeks; and what would help."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate

from sqlmodel import Session

from bot.quality import forecast as quality
from bot.quality.forecast import WEEKDAYS, Forecast, Help, Pace
from bot.services import reporting
from bot.services.reporting import CampaignStatus
from storage.queries import attention, votes
from storage.queries.attention import Member
from storage.tables import Campaign

LOOK_BACK = timedelta(days=21)
"""As far back as the last two working weeks can lie."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a campaign goes on.

    Attributes:
        left: answers that are still wanted.
        pace: answers on the last working days.
        forecast: when they will be there; None where nothing says so.
        helps: what would bring that nearer, the most telling first.
        this_week: answers of the last seven days.
    """

    left: int
    pace: Pace
    forecast: Forecast | None
    helps: tuple[Help, ...]
    this_week: int


@dataclass(frozen=True, slots=True)
class Lately:
    """What was answered lately, by campaign, and by how many."""

    counts: Mapping[int, Mapping[date, int]]
    experts: Mapping[int, int]
    left_with_less: Mapping[int, int]


def lately(session: Session, now: datetime) -> Lately:
    """Return what was answered in the last weeks."""
    since = datetime.combine((now - LOOK_BACK).date(), time(), now.tzinfo)
    return Lately(
        counts=votes.by_day(session, since),
        experts=votes.answering_since(session, since),
        left_with_less=votes.left_with_less(session),
    )


def outlook(
    status: CampaignStatus, known: Lately, members: Iterable[Member], now: datetime
) -> Outlook:
    """Return how a campaign goes on, given what was answered lately. Days are those of UTC."""
    today, weekdays = now.date(), _weekdays(members)
    counts = known.counts.get(status.id, {})
    left = max(0, status.wanted - status.answered)
    pace = quality.pace(counts, today, known.experts.get(status.id, 0), weekdays)
    less = known.left_with_less.get(status.id, left) if status.overlap > 1 else left
    return Outlook(
        left=left,
        pace=pace,
        forecast=quality.forecast(pace, left, today, weekdays),
        helps=tuple(quality.helps(pace, left, less, today, weekdays)),
        this_week=sum(n for day, n in counts.items() if day > today - timedelta(days=7)),
    )


def _weekdays(members: Iterable[Member]) -> tuple[int, ...]:
    """Return the days on which anybody in the pool works."""
    days = {day for member in members for day in member.days}
    return tuple(sorted(days)) or WEEKDAYS


@dataclass(frozen=True, slots=True)
class Curve:
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


def curve(session: Session, campaign: Campaign, now: datetime) -> Curve:
    """Return how the answers of a campaign grew, by days of UTC."""
    number = campaign.id or 0
    status = reporting.status_of(session, campaign)
    counts = votes.by_day(session, campaign_id=number).get(number, {})
    members = [one for one in attention.members(session) if one.campaign_id == number]
    first, today = min(counts, default=now.date()), now.date()
    days = tuple(first + timedelta(days=ahead) for ahead in range((today - first).days + 1))
    return Curve(
        name=campaign.name,
        title=campaign.title,
        wanted=status.wanted,
        days=days if counts else (),
        answers=tuple(accumulate(counts.get(day, 0) for day in days)) if counts else (),
        forecast=outlook(status, lately(session, now), members, now).forecast,
        deadline=campaign.deadline.date() if campaign.deadline else None,
    )
