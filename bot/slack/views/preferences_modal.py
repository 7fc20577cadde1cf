"""Modals for an expert's preferences and time off."""

from __future__ import annotations

from datetime import date

from bot.errors import FieldsError
from bot.services.experts.preferences import (
    LANGUAGES,
    MAX_BATCH_SIZE,
    MAX_MINUTES_PER_DAY,
    Preferences,
)
from bot.slack.blockkit.blocks import modal, plain_section
from bot.slack.blockkit.inputs import (
    Entries,
    StateValues,
    date_input,
    multi_select_input,
    number_input,
    parse_inputs,
    select_input,
    text_input,
    time_input,
)
from bot.slack.blockkit.types import Block, ModalView
from bot.slack.views.home import WEEKDAYS, format_clock_time

WEEKDAY_OPTIONS = [(str(number), name) for number, name in enumerate(WEEKDAYS, start=1)]

TIME_OFF_TEXT = "You get no messages before the return date. Open tasks go to other experts."
LATER_TEXT = "You get no messages before the return date. Choose any day; a week is a suggestion."


def preferences_modal(preferences: Preferences, tz: str) -> ModalView:
    """Return the preferences modal; `tz` is the expert's current time zone."""
    return modal(
        "edit_preferences",
        "Edit preferences",
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
            "work_days",
            "Working days",
            WEEKDAY_OPTIONS,
            chosen=days,
            hint="No days: you get tasks only when you type /label next.",
            optional=True,
            as_checkboxes=True,
        ),
        time_input(
            "work_starts_minute",
            "Start of working hours",
            chosen=format_clock_time(preferences.work_starts_minute),
        ),
        time_input(
            "work_ends_minute",
            "End of working hours",
            chosen=format_clock_time(preferences.work_ends_minute),
            hint="An end before the start is on the next day.",
        ),
        text_input(
            "tz",
            "Time zone",
            value=preferences.tz or "",
            placeholder=tz,
            hint="For example Europe/Berlin. Empty: the zone of your Slack profile.",
            optional=True,
            max_length=60,
        ),
    ]


def _daily_limit_inputs(preferences: Preferences) -> list[Block]:
    return [
        number_input(
            "daily_limit_minutes",
            "Daily limit in minutes",
            minimum=1,
            maximum=MAX_MINUTES_PER_DAY,
            value=preferences.daily_limit_minutes,
            hint="No more tasks that day, unless you choose to continue. Empty: no limit.",
            optional=True,
        ),
        number_input(
            "batch_size",
            "Tasks in a row",
            minimum=1,
            maximum=MAX_BATCH_SIZE,
            value=preferences.batch_size,
            hint="After this many tasks, the bot asks before it sends more. Empty: no limit.",
            optional=True,
        ),
    ]


def _reminder_inputs(preferences: Preferences) -> list[Block]:
    reminders = [("on", "On"), ("off", "Off")]
    return [
        select_input(
            "wants_reminders",
            "Reminders",
            reminders,
            chosen="on" if preferences.wants_reminders else "off",
            as_radio=True,
        ),
        select_input(
            "locale",
            "Language",
            list(LANGUAGES.items()),
            chosen=preferences.locale,
            hint="For the bot's own messages. Tasks keep their language.",
        ),
    ]


def parse_preferences(values: StateValues) -> Preferences:
    """Parse the submitted preferences.

    Raises:
        FieldsError: a time or number is invalid.
    """
    fields = parse_inputs(values)
    return Preferences(
        work_starts_minute=_parse_minutes(fields, "work_starts_minute"),
        work_ends_minute=_parse_minutes(fields, "work_ends_minute"),
        work_days=[
            int(day) for day in fields.get("work_days") or () if day in dict(WEEKDAY_OPTIONS)
        ],
        tz=fields.get("tz"),
        daily_limit_minutes=_parse_number(fields, "daily_limit_minutes"),
        batch_size=_parse_number(fields, "batch_size"),
        wants_reminders=fields.get("wants_reminders") != "off",
        locale=fields.get("locale") or "en",
    )


def _parse_minutes(fields: Entries, key: str) -> int:
    try:
        hour, minute = str(fields.get(key)).split(":")
        return (int(hour) * 60 + int(minute)) % (24 * 60)
    except ValueError:
        raise FieldsError({key: "Choose a time, such as 09:30."}) from None


def _parse_number(fields: Entries, key: str) -> int | None:
    try:
        return int(fields[key]) if fields.get(key) else None
    except ValueError:
        raise FieldsError({key: "Enter a whole number, or leave the field empty."}) from None


def time_off_modal(suggested: date, metadata: str, *, is_later: bool = False) -> ModalView:
    """Return the modal that asks for the return date.

    `is_later`: it answers the question whether the expert still wants tasks.
    """
    return modal(
        "take_time_off",
        "Ask me later" if is_later else "Take time off",
        [
            plain_section(LATER_TEXT if is_later else TIME_OFF_TEXT),
            date_input("until", "Return date", chosen=suggested),
        ],
        submit="Save",
        metadata=metadata,
    )


def parse_return_date(values: StateValues) -> date:
    """Parse the submitted return date.

    Raises:
        FieldsError: no date was chosen.
    """
    try:
        return date.fromisoformat(str(parse_inputs(values).get("until")))
    except ValueError:
        raise FieldsError({"until": "Choose a date, such as 2026-12-24."}) from None
