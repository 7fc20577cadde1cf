"""Text, number, file, date and time inputs: the shapes of all elements that a person fills in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from zoneinfo import available_timezones

from bot.sandbox.blockkit import agreement, wording
from bot.sandbox.blockkit.composition import ACTION_ID, DISPATCH_CONFIG, PLACEHOLDER
from bot.sandbox.blockkit.menus import MENU, PICKED
from bot.sandbox.blockkit.problems import CLEAN, Problems
from bot.sandbox.blockkit.richtext import RICH_TEXT_BLOCK
from bot.sandbox.blockkit.schema import Check, Flag, ListOf, Obj, Text, Whole

TYPED: Mapping[str, Check] = {
    "action_id": ACTION_ID,
    "dispatch_action_config": DISPATCH_CONFIG,
    "focus_on_load": Flag(),
    "placeholder": PLACEHOLDER,
}
NUMBER = Text(pattern=r"-?[0-9]+(\.[0-9]+)?")

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def day(value: object) -> Problems:
    """Return what is wrong with `value` as a date YYYY-MM-DD that the calendar has."""
    if not isinstance(value, str):
        return (wording.wrong_type("a string"),)
    return CLEAN if _is_day(value) else (wording.no_format("date"),)


def _is_day(value: str) -> bool:
    found = _DATE.fullmatch(value)
    try:
        return found is not None and bool(date(*(int(part) for part in found.groups())))
    except ValueError:
        return False


def zone(value: object) -> Problems:
    """Return what is wrong with `value` as an IANA time zone."""
    if not isinstance(value, str):
        return (wording.wrong_type("a string"),)
    return CLEAN if value in _zones() else (wording.no_format("timezone"),)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


DATEPICKER = Obj(optional={**MENU, "initial_date": day})
TIMEPICKER = Obj(
    optional={
        **MENU,
        "initial_time": Text(pattern=r"([01][0-9]|2[0-3]):[0-5][0-9]"),
        "timezone": zone,
    }
)
DATETIMEPICKER = Obj(  # unix seconds, ten digits
    optional={**PICKED, "initial_date_time": Whole(1_000_000_000, 9_999_999_999)}
)

PLAIN_TEXT_INPUT = Obj(
    optional={
        **TYPED,
        "initial_value": Text(least=0),
        "multiline": Flag(),
        "min_length": Whole(0, 3000),
        "max_length": Whole(1, 3000),
    },
    rules=[agreement.text_lengths_agree],
)
RICH_TEXT_INPUT = Obj(
    {"action_id": ACTION_ID},
    {
        **TYPED,
        "initial_value": RICH_TEXT_BLOCK,
        "min_lines": Whole(1, 100),
        "max_lines": Whole(1, 100),
    },
    rules=[agreement.lines_agree],
)

# Slack is silent on how long an address may be; no text input takes more than 3000 characters.
EMAIL_TEXT_INPUT = Obj(optional={**TYPED, "initial_value": Text(3000, least=0)})
URL_TEXT_INPUT = EMAIL_TEXT_INPUT

NUMBER_INPUT = Obj(
    {"is_decimal_allowed": Flag()},
    {**TYPED, "initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER},
    rules=[agreement.numbers_agree],
)
FILE_INPUT = Obj(
    optional={
        "action_id": ACTION_ID,
        "filetypes": ListOf(Text(), unique=True),
        "max_files": Whole(1, 10),
    }
)
