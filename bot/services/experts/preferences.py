"""What an expert chose for themselves: hours, days, zone, time a day, reminders, language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session

from bot.cron import UnknownTimeZoneError, time_zone_named
from bot.errors import FieldsError
from bot.services.actors.audit_log import record
from bot.services.experts import time_off
from storage.tables import Expert

LANGUAGES = {"en": "English"}
"""The languages that the bot's own words are written in, by what is kept of the choice."""

MAX_MINUTES_PER_DAY = 24 * 60
MAX_BATCH_SIZE = 1_000


@dataclass(frozen=True, slots=True)
class Preferences:
    """What an expert chose.

    Attributes:
        starts, ends: minutes after midnight; hours that end before they start run past midnight.
        days: ISO weekdays, Monday 1; none: the bot never speaks first.
        tz: a time zone of their own; None: that of their Slack profile.
        minutes: how much time they want to give a day; None: no limit.
        batch: how many tasks they like in a row; None: no limit.
        reminders: whether they want any.
        locale: the language of what the bot says.
    """

    work_starts_minute: int
    work_ends_minute: int
    work_days: Sequence[int]
    tz: str | None
    daily_limit_minutes: int | None
    batch_size: int | None
    wants_reminders: bool
    locale: str


def preferences_of(expert: Expert) -> Preferences:
    """Return what an expert chose, or what holds as long as they chose nothing."""
    return Preferences(
        work_starts_minute=expert.work_starts_minute,
        work_ends_minute=expert.work_ends_minute,
        work_days=list(expert.work_days),
        tz=expert.tz if expert.has_custom_tz else None,
        daily_limit_minutes=expert.daily_limit_minutes,
        batch_size=expert.batch_size,
        wants_reminders=expert.wants_reminders,
        locale=expert.locale,
    )


def save_preferences(
    session: Session, slack_id: str, preferences: Preferences, now: datetime
) -> None:
    """Keep what an expert chose.

    Raises:
        NoExpertError: they are no expert.
        FieldsError: something is wrong, by field; nothing is changed.
    """
    _validate(preferences)
    expert = time_off.require_expert(session, slack_id)
    before = preferences_of(expert)
    expert.has_custom_hours = True
    expert.work_starts_minute, expert.work_ends_minute = (
        preferences.work_starts_minute,
        preferences.work_ends_minute,
    )
    expert.work_days = sorted(set(preferences.work_days))
    _set_time_zone(expert, preferences.tz)
    expert.daily_limit_minutes, expert.batch_size = (
        preferences.daily_limit_minutes,
        preferences.batch_size,
    )
    expert.wants_reminders, expert.locale = preferences.wants_reminders, preferences.locale
    session.add(expert)
    if preferences != before:
        record(
            session, slack_id, "changed their settings", "themselves", now, **asdict(preferences)
        )


def _set_time_zone(expert: Expert, tz: str | None) -> None:
    """Let them live in a zone; without one of their own, the profile is read again soon."""
    if tz:
        expert.tz, expert.has_custom_tz = tz, True
    elif expert.has_custom_tz:
        expert.has_custom_tz, expert.profile_synced_at = False, None


def _validate(preferences: Preferences) -> None:
    errors = {}
    if preferences.work_starts_minute == preferences.work_ends_minute:
        errors["ends"] = "That is when your hours start; choose another time to end."
    if preferences.tz and _is_unknown_zone(preferences.tz):
        errors["tz"] = "That is no time zone; write one as in Europe/Berlin, or leave it empty."
    if (
        preferences.daily_limit_minutes is not None
        and not 1 <= preferences.daily_limit_minutes <= MAX_MINUTES_PER_DAY
    ):
        errors["minutes"] = f"Choose 1 to {MAX_MINUTES_PER_DAY:,} minutes, or leave it empty."
    if preferences.batch_size is not None and not 1 <= preferences.batch_size <= MAX_BATCH_SIZE:
        errors["batch"] = f"Choose 1 to {MAX_BATCH_SIZE:,} tasks, or leave it empty."
    if preferences.locale not in LANGUAGES:
        errors["locale"] = "I do not speak that language yet."
    if errors:
        raise FieldsError(errors)


def _is_unknown_zone(tz: str) -> bool:
    try:
        time_zone_named(tz)
    except UnknownTimeZoneError:
        return True
    return False
