"""Content of an expert's Home tab."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.cadence.working_hours import find_zone, start_of_day
from bot.services.experts.preferences import Preferences, preferences_of
from bot.services.tasks import expert_progress
from bot.services.tasks import recent_answers as recent_answers_service
from bot.services.tasks.expert_progress import CampaignProgress, Progress
from bot.services.tasks.recent_answers import RecentAnswer
from storage.queries import expert_activity
from storage.queries.experts import expert_by_slack_id
from storage.row_id import id_of
from storage.tables import Expert


@dataclass(frozen=True, slots=True)
class HomeTab:
    """Content of one Home tab.

    Attributes:
        campaigns: the open campaigns, in the order in which their tasks come.
        minutes_spent: minutes spent on answers today, as far as known.
        tz: the expert's time zone.
        returns_on: the day on which time off ends; None if there is none.
        is_out_of_office: the Slack status says that the expert is away.
    """

    progress: Progress
    campaigns: list[CampaignProgress]
    minutes_spent: int
    recent_answers: list[RecentAnswer]
    preferences: Preferences
    tz: str
    returns_on: date | None
    is_out_of_office: bool


def load_home_tab(session: Session, slack_id: str, now: datetime) -> HomeTab | None:
    """Return the content of a person's Home tab, or None if they are not an expert."""
    expert = expert_by_slack_id(session, slack_id)
    if expert is None:
        return None
    expert_id = id_of(expert)
    campaigns = expert_progress.list_campaigns(session, expert_id, now)
    return HomeTab(
        progress=expert_progress.total_progress(session, expert, campaigns, now),
        campaigns=campaigns,
        minutes_spent=round(
            expert_activity.seconds_spent(session, expert_id, start_of_day(expert.tz, now)) / 60
        ),
        recent_answers=recent_answers_service.list_recent_answers(session, expert_id),
        preferences=preferences_of(expert),
        tz=expert.tz,
        returns_on=_return_date(expert, now),
        is_out_of_office=bool(expert.status_away_until and expert.status_away_until > now),
    )


def _return_date(expert: Expert, now: datetime) -> date | None:
    if expert.paused_until is None or expert.paused_until <= now:
        return None
    return expert.paused_until.astimezone(find_zone(expert.tz)).date()
