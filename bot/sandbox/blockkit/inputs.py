"""Schemas of text, number, file, date and time inputs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from zoneinfo import available_timezones

from . import error_messages, field_rules
from .composition import ACTION_ID, DISPATCH_CONFIG, PLACEHOLDER
from .menus import MENU_FIELDS, SELECT_FIELDS
from .problems import NO_PROBLEMS, Problems
from .rich_text import RICH_TEXT_BLOCK
from .schema import (
    BooleanSchema,
    Check,
    IntegerSchema,
    ListSchema,
    ObjectSchema,
    StringSchema,
)

TEXT_INPUT_FIELDS: Mapping[str, Check] = {
    "action_id": ACTION_ID,
    "dispatch_action_config": DISPATCH_CONFIG,
    "focus_on_load": BooleanSchema(),
    "placeholder": PLACEHOLDER,
}
NUMBER = StringSchema(pattern=r"-?[0-9]+(\.[0-9]+)?")

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def check_date(value: object) -> Problems:
    """Return the problems of `value` as a calendar date in the format YYYY-MM-DD."""
    if not isinstance(value, str):
        return (error_messages.wrong_type("a string"),)
    return NO_PROBLEMS if _is_date(value) else (error_messages.invalid_format("date"),)


def _is_date(value: str) -> bool:
    match = _DATE.fullmatch(value)
    try:
        return match is not None and bool(date(*(int(part) for part in match.groups())))
    except ValueError:
        return False


def check_time_zone(value: object) -> Problems:
    """Return the problems of `value` as an IANA time zone."""
    if not isinstance(value, str):
        return (error_messages.wrong_type("a string"),)
    return NO_PROBLEMS if value in _time_zones() else (error_messages.invalid_format("timezone"),)


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


DATEPICKER = ObjectSchema(optional={**MENU_FIELDS, "initial_date": check_date})
TIMEPICKER = ObjectSchema(
    optional={
        **MENU_FIELDS,
        "initial_time": StringSchema(pattern=r"([01][0-9]|2[0-3]):[0-5][0-9]"),
        "timezone": check_time_zone,
    }
)
DATETIMEPICKER = ObjectSchema(  # Unix seconds with ten digits
    optional={**SELECT_FIELDS, "initial_date_time": IntegerSchema(1_000_000_000, 9_999_999_999)}
)

PLAIN_TEXT_INPUT = ObjectSchema(
    optional={
        **TEXT_INPUT_FIELDS,
        "initial_value": StringSchema(min_length=0),
        "multiline": BooleanSchema(),
        "min_length": IntegerSchema(0, 3000),
        "max_length": IntegerSchema(1, 3000),
    },
    rules=[field_rules.check_text_lengths],
)
RICH_TEXT_INPUT = ObjectSchema(
    {"action_id": ACTION_ID},
    {
        **TEXT_INPUT_FIELDS,
        "initial_value": RICH_TEXT_BLOCK,
        "min_lines": IntegerSchema(1, 100),
        "max_lines": IntegerSchema(1, 100),
    },
    rules=[field_rules.check_line_bounds],
)

# Slack documents no limit for e-mail addresses and URLs; other text inputs have 3000 characters.
EMAIL_TEXT_INPUT = ObjectSchema(
    optional={**TEXT_INPUT_FIELDS, "initial_value": StringSchema(3000, min_length=0)}
)
URL_TEXT_INPUT = EMAIL_TEXT_INPUT

NUMBER_INPUT = ObjectSchema(
    {"is_decimal_allowed": BooleanSchema()},
    {**TEXT_INPUT_FIELDS, "initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER},
    rules=[field_rules.check_number_bounds],
)
FILE_INPUT = ObjectSchema(
    optional={
        "action_id": ACTION_ID,
        "filetypes": ListSchema(StringSchema(), unique=True),
        "max_files": IntegerSchema(1, 10),
    }
)
