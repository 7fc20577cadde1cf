"""What an expert finds on their Home tab."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.cadence.hours import midnight, zone_named
from bot.services import assigning, recalling, tallying
from bot.services.preferring import Preferences, preferences_of
from bot.services.recalling import Recent
from bot.services.tallying import Progress
from storage.queries import days, tasks
from storage.tables import Expert


@dataclass(frozen=True, slots=True)
class Visit:
    """All of one Home tab. `is_begun`: a task is open, so the button says continue.

    `spent` are the minutes that were spent today, as far as they are known. `back_on` is the day on
    which a pause ends; `is_out`: the Slack status says out of the office. `tz` is where they live.
    """

    progress: Progress
    is_begun: bool
    spent: int
    recent: list[Recent]
    preferences: Preferences
    tz: str
    back_on: date | None
    is_out: bool


def visit(session: Session, slack_id: str, now: datetime) -> Visit | None:
    """Return what an expert finds at home; None: this person is no expert."""
    expert = assigning.expert_by_slack_id(session, slack_id)
    progress = tallying.progress_of(session, slack_id, now)
    if expert is None or progress is None:
        return None
    number = expert.id or 0
    return Visit(
        progress=progress,
        is_begun=tasks.oldest_open(session, number) is not None,
        spent=round(days.seconds_spent(session, number, midnight(expert.tz, now)) / 60),
        recent=recalling.recent(session, number),
        preferences=preferences_of(expert),
        tz=expert.tz,
        back_on=_back_on(expert, now),
        is_out=bool(expert.status_away_until and expert.status_away_until > now),
    )


def _back_on(expert: Expert, now: datetime) -> date | None:
    if expert.paused_until is None or expert.paused_until <= now:
        return None
    return expert.paused_until.astimezone(zone_named(expert.tz)).date()
