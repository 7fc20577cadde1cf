"""The windows in which an expert chooses: settings, and time off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.errors import FieldsError
from bot.services.experts.preferences import (
    LANGUAGES,
    MAX_BATCH_SIZE,
    MAX_MINUTES_PER_DAY,
    Preferences,
)
from bot.slack.blockkit.blocks import Block, modal, plain_section
from bot.slack.blockkit.inputs import (
    date_input,
    multi_select_input,
    number_input,
    parse_inputs,
    select_input,
    text_input,
    time_input,
)
from bot.slack.views.home import WEEKDAYS, format_clock_time

WEEKDAY_OPTIONS = [(str(number), name) for number, name in enumerate(WEEKDAYS, start=1)]

TIME_OFF_TEXT = "I send nothing until then, and what you have open goes to colleagues."
LATER_TEXT = "I send nothing until then. Choose any day; a week from now is only a suggestion."


def preferences_modal(preferences: Preferences, tz: str) -> dict[str, Any]:
    """Draw the settings of an expert who lives in the zone `tz`."""
    return modal(
        "hours",
        "Your settings",
        [
            *_work_hours_inputs(preferences, tz),
            *_daily_limit_inputs(preferences),
            *_reminder_inputs(preferences),
        ],
        submit="Save",
    )


def _work_hours_inputs(preferences: Preferences, tz: str) -> list[Block]:
    days = [str(day) for day in preferences.work_days]
    return [
        multi_select_input(
            "days",
            "Days on which I may write to you",
            WEEKDAY_OPTIONS,
            chosen=days,
            hint="None: I never write first. Type /label next whenever you like.",
            optional=True,
            as_checkboxes=True,
        ),
        time_input("starts", "From", chosen=format_clock_time(preferences.work_starts_minute)),
        time_input(
            "ends",
            "To",
            chosen=format_clock_time(preferences.work_ends_minute),
            hint="A time before the first one is on the next day.",
        ),
        text_input(
            "tz",
            "Time zone",
            value=preferences.tz or "",
            placeholder=tz,
            hint="Such as Europe/Berlin. Empty: as in your Slack profile.",
            optional=True,
            max_length=60,
        ),
    ]


def _daily_limit_inputs(preferences: Preferences) -> list[Block]:
    return [
        number_input(
            "minutes",
            "Minutes a day",
            minimum=1,
            maximum=MAX_MINUTES_PER_DAY,
            value=preferences.daily_limit_minutes,
            hint="Then I stop for the day, and you may still go on. Empty: no limit.",
            optional=True,
        ),
        number_input(
            "batch",
            "Tasks in a row",
            minimum=1,
            maximum=MAX_BATCH_SIZE,
            value=preferences.batch_size,
            hint="After so many I ask before I bring more. Empty: no limit.",
            optional=True,
        ),
    ]


def _reminder_inputs(preferences: Preferences) -> list[Block]:
    reminders = [("on", "On"), ("off", "Off")]
    return [
        select_input(
            "reminders",
            "Reminders",
            reminders,
            chosen="on" if preferences.wants_reminders else "off",
            as_radio=True,
        ),
        select_input(
            "locale",
            "Language of my own words",
            list(LANGUAGES.items()),
            chosen=preferences.locale,
            hint="Tasks come in the language they were written in.",
        ),
    ]


def parse_preferences(values: Mapping[str, Any]) -> Preferences:
    """Read the settings back.

    Raises:
        FieldsError: something is no time or no number.
    """
    fields = parse_inputs(values)
    return Preferences(
        work_starts_minute=_parse_minutes(fields, "starts"),
        work_ends_minute=_parse_minutes(fields, "ends"),
        work_days=[int(day) for day in fields.get("days") or () if day in dict(WEEKDAY_OPTIONS)],
        tz=fields.get("tz"),
        daily_limit_minutes=_parse_number(fields, "minutes"),
        batch_size=_parse_number(fields, "batch"),
        wants_reminders=fields.get("reminders") != "off",
        locale=fields.get("locale") or "en",
    )


def _parse_minutes(fields: Mapping[str, Any], key: str) -> int:
    try:
        hour, minute = str(fields.get(key)).split(":")
        return (int(hour) * 60 + int(minute)) % (24 * 60)
    except ValueError:
        raise FieldsError({key: "Choose a time, such as 09:30."}) from None


def _parse_number(fields: Mapping[str, Any], key: str) -> int | None:
    try:
        return int(fields[key]) if fields.get(key) else None
    except ValueError:
        raise FieldsError({key: "Write a whole number, or leave it empty."}) from None


def time_off_modal(suggested: date, metadata: str, *, is_later: bool = False) -> dict[str, Any]:
    """Draw the window in which a day to come back on is chosen."""
    return modal(
        "rest",
        "Later" if is_later else "Time off",
        [
            plain_section(LATER_TEXT if is_later else TIME_OFF_TEXT),
            date_input("until", "Write to me again on", chosen=suggested),
        ],
        submit="Save",
        metadata=metadata,
    )


def parse_return_date(values: Mapping[str, Any]) -> date:
    """Read the day back.

    Raises:
        FieldsError: it is none.
    """
    try:
        return date.fromisoformat(str(parse_inputs(values).get("until")))
    except ValueError:
        raise FieldsError({"until": "Choose a day, such as 2026-12-24."}) from None
