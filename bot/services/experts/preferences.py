"""Preferences of an expert: working hours, time zone, daily limits, reminders, language."""

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
"""Languages of the bot's messages, by stored code."""

MAX_MINUTES_PER_DAY = 24 * 60
MAX_BATCH_SIZE = 1_000


@dataclass(frozen=True, slots=True)
class Preferences:
    """Preferences of an expert.

    Attributes:
        work_starts_minute, work_ends_minute: minutes after midnight; an end before the start means
            the next day.
        work_days: ISO weekdays, Monday is 1; empty: the bot never messages the expert unasked.
        tz: time zone; None for that of the Slack profile.
        daily_limit_minutes: minutes of work a day; None for no limit.
        batch_size: tasks in a row; None for no limit.
        wants_reminders: whether the bot sends reminders.
        locale: language of the bot's messages, a key of LANGUAGES.
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
    """Return the preferences of an expert, with defaults for what they did not choose."""
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
    """Save the preferences of an expert.

    Raises:
        NotAnExpertError: the person is not an expert.
        FieldsError: values are invalid, by field; nothing is changed.
    """
    _validate(preferences)
    expert = time_off.require_expert(session, slack_id)
    before = preferences_of(expert)
    expert.has_custom_hours = True
    expert.work_starts_minute = preferences.work_starts_minute
    expert.work_ends_minute = preferences.work_ends_minute
    expert.work_days = sorted(set(preferences.work_days))
    _set_time_zone(expert, preferences.tz)
    expert.daily_limit_minutes = preferences.daily_limit_minutes
    expert.batch_size = preferences.batch_size
    expert.wants_reminders, expert.locale = preferences.wants_reminders, preferences.locale
    session.add(expert)
    if preferences != before:
        subject = f"expert {slack_id}"
        record(session, slack_id, "changed preferences", subject, now, **asdict(preferences))


def _set_time_zone(expert: Expert, tz: str | None) -> None:
    """Set a custom time zone, or return to that of the Slack profile, to be fetched again."""
    if tz:
        expert.tz, expert.has_custom_tz = tz, True
    elif expert.has_custom_tz:
        expert.has_custom_tz = False
        expert.profile_synced_at = expert.profile_failed_at = None


def _validate(preferences: Preferences) -> None:
    errors = {}
    if preferences.work_starts_minute == preferences.work_ends_minute:
        errors["work_ends_minute"] = "Working hours cannot end when they start. Choose another end."
    if preferences.tz and _is_unknown_zone(preferences.tz):
        errors["tz"] = "Unknown time zone. Enter one such as Europe/Berlin, or leave this empty."
    if _is_out_of_range(preferences.daily_limit_minutes, MAX_MINUTES_PER_DAY):
        errors["daily_limit_minutes"] = (
            f"Enter 1 to {MAX_MINUTES_PER_DAY:,} minutes, or leave this empty for no limit."
        )
    if _is_out_of_range(preferences.batch_size, MAX_BATCH_SIZE):
        errors["batch_size"] = (
            f"Enter 1 to {MAX_BATCH_SIZE:,} tasks, or leave this empty for no limit."
        )
    if preferences.locale not in LANGUAGES:
        errors["locale"] = f"Choose one of these languages: {', '.join(LANGUAGES.values())}."
    if errors:
        raise FieldsError(errors)


def _is_out_of_range(number: int | None, maximum: int) -> bool:
    return number is not None and not 1 <= number <= maximum


def _is_unknown_zone(tz: str) -> bool:
    try:
        time_zone_named(tz)
    except UnknownTimeZoneError:
        return True
    return False
