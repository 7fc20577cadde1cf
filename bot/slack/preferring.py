"""The windows in which an expert chooses: settings, and time off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.errors import FieldsError
from bot.services.preferring import LANGUAGES, MOST_MINUTES, MOST_TASKS, Preferences
from bot.slack.blocks import Block, modal, plain_section
from bot.slack.home import WEEK, clock
from bot.slack.inputs import (
    choice_input,
    choices_input,
    date_input,
    entered,
    number_input,
    text_input,
    time_input,
)

DAYS = [(str(number), name) for number, name in enumerate(WEEK, start=1)]

AWAY = "I send nothing until then, and what you have open goes to colleagues."
LATER = "I send nothing until then. Choose any day; a week from now is only a suggestion."


def settings_modal(chosen: Preferences, tz: str) -> dict[str, Any]:
    """Draw the settings of an expert who lives in the zone `tz`."""
    return modal(
        "hours",
        "Your settings",
        [*_when(chosen, tz), *_how_much(chosen), *_how(chosen)],
        submit="Save",
    )


def _when(chosen: Preferences, tz: str) -> list[Block]:
    days = [str(day) for day in chosen.days]
    return [
        choices_input(
            "days",
            "Days on which I may write to you",
            DAYS,
            chosen=days,
            hint="None: I never write first. Type /label next whenever you like.",
            optional=True,
            as_ticks=True,
        ),
        time_input("starts", "From", chosen=clock(chosen.starts)),
        time_input(
            "ends",
            "To",
            chosen=clock(chosen.ends),
            hint="A time before the first one is on the next day.",
        ),
        text_input(
            "tz",
            "Time zone",
            value=chosen.tz or "",
            placeholder=tz,
            hint="Such as Europe/Berlin. Empty: as in your Slack profile.",
            optional=True,
            most=60,
        ),
    ]


def _how_much(chosen: Preferences) -> list[Block]:
    return [
        number_input(
            "minutes",
            "Minutes a day",
            least=1,
            most=MOST_MINUTES,
            value=chosen.minutes,
            hint="Then I stop for the day, and you may still go on. Empty: no limit.",
            optional=True,
        ),
        number_input(
            "batch",
            "Tasks in a row",
            least=1,
            most=MOST_TASKS,
            value=chosen.batch,
            hint="After so many I ask before I bring more. Empty: no limit.",
            optional=True,
        ),
    ]


def _how(chosen: Preferences) -> list[Block]:
    reminders = [("on", "On"), ("off", "Off")]
    return [
        choice_input(
            "reminders",
            "Reminders",
            reminders,
            chosen="on" if chosen.reminders else "off",
            as_radio=True,
        ),
        choice_input(
            "locale",
            "Language of my own words",
            list(LANGUAGES.items()),
            chosen=chosen.locale,
            hint="Tasks come in the language they were written in.",
        ),
    ]


def preferences_from(values: Mapping[str, Any]) -> Preferences:
    """Read the settings back.

    Raises:
        FieldsError: something is no time or no number.
    """
    found = entered(values)
    return Preferences(
        starts=_minutes(found, "starts"),
        ends=_minutes(found, "ends"),
        days=[int(day) for day in found.get("days") or () if day in dict(DAYS)],
        tz=found.get("tz"),
        minutes=_number(found, "minutes"),
        batch=_number(found, "batch"),
        reminders=found.get("reminders") != "off",
        locale=found.get("locale") or "en",
    )


def _minutes(found: Mapping[str, Any], key: str) -> int:
    try:
        hour, minute = str(found.get(key)).split(":")
        return (int(hour) * 60 + int(minute)) % (24 * 60)
    except ValueError:
        raise FieldsError({key: "Choose a time, such as 09:30."}) from None


def _number(found: Mapping[str, Any], key: str) -> int | None:
    try:
        return int(found[key]) if found.get(key) else None
    except ValueError:
        raise FieldsError({key: "Write a whole number, or leave it empty."}) from None


def pause_modal(suggested: date, metadata: str, *, is_later: bool = False) -> dict[str, Any]:
    """Draw the window in which a day to come back on is chosen."""
    return modal(
        "rest",
        "Later" if is_later else "Time off",
        [
            plain_section(LATER if is_later else AWAY),
            date_input("until", "Write to me again on", chosen=suggested),
        ],
        submit="Save",
        metadata=metadata,
    )


def day_from(values: Mapping[str, Any]) -> date:
    """Read the day back.

    Raises:
        FieldsError: it is none.
    """
    try:
        return date.fromisoformat(str(entered(values).get("until")))
    except ValueError:
        raise FieldsError({"until": "Choose a day, such as 2026-12-24."}) from None
