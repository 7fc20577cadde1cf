"""Parsers of option values: numbers, durations, dates, settings and text files."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import typer

from bot import cron
from bot.cron import InvalidDurationError, time_zone_named
from bot.destinations.local_folder import NotAFolderError
from bot.destinations.local_folder import parse_folder as parse_local_folder
from bot.kinds.comparison import COMPARISON
from bot.kinds.criteria_presets import CRITERIA_PRESETS
from bot.kinds.ranking import RANKING
from bot.validation_messages import shorten
from storage.tables import OutboxState

MAX_NUMBER = 2**63 - 1
"""Largest number that both databases store."""

LISTED_STATES = (
    OutboxState.WAITING,
    OutboxState.HELD,
    OutboxState.FAILED,
    OutboxState.DROPPED,
)
"""States of messages that were not delivered."""


def parse_message_id(text: str) -> int:
    """Parse the id of a message in the outbox.

    Raises:
        BadParameter: it is not a number from 1.
    """
    if (number := _parse_positive(text)) is not None:
        return number
    message = (
        f"“{shorten(text)}” is not the id of a message. Write numbers that “labelbot outbox list” "
        "shows, such as 1204, or use --all."
    )
    raise typer.BadParameter(message)


def parse_delivery_id(text: str) -> int:
    """Parse the id of a delivery to a webhook.

    Raises:
        BadParameter: it is not a number from 1.
    """
    if (number := _parse_positive(text)) is not None:
        return number
    message = (
        f"“{shorten(text)}” is not the id of a delivery. Write numbers that “labelbot webhooks "
        "deliveries” shows, such as 1204, or use --failed."
    )
    raise typer.BadParameter(message)


def parse_limit(text: str) -> int:
    """Parse a maximum number of lines.

    Raises:
        BadParameter: it is not a number from 1.
    """
    if (number := _parse_positive(str(text))) is not None:
        return number
    message = f"“{shorten(text)}” is not a limit. Write a whole number from 1, such as 100."
    raise typer.BadParameter(message)


def _parse_positive(text: str) -> int | None:
    """Return a whole number from 1 that the databases can store; None for another text."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(MAX_NUMBER)):
        return None
    number = int(digits)
    return number if 1 <= number <= MAX_NUMBER else None


def parse_undelivered_state(text: str) -> OutboxState:
    """Parse the state of a message that was not delivered.

    Raises:
        BadParameter: there is no such state, or its messages were delivered.
    """
    if text in LISTED_STATES:
        return OutboxState(text)
    message = f"Unknown state “{shorten(text)}”. Choose one of: {', '.join(LISTED_STATES)}."
    raise typer.BadParameter(message)


def parse_duration(text: str) -> timedelta:
    """Parse working time such as `90m`, `4h`, `2d` or `1w`.

    Raises:
        BadParameter: the text has another form.
    """
    try:
        return cron.parse_duration(text)
    except InvalidDurationError as error:
        raise typer.BadParameter(str(error)) from None


class OverlapRange(NamedTuple):
    """Answers per item: at least and at most. `maximum` None: every item gets `minimum`."""

    minimum: int
    maximum: int | None = None


def parse_overlap(text: str) -> OverlapRange:
    """Parse answers per item: `3`, or `2..5` for two to five.

    Raises:
        BadParameter: the text has another form.
    """
    minimum, separator, maximum = text.strip().partition("..")
    numbers = (minimum, maximum) if separator else (minimum,)
    if not all(number.isascii() and number.isdigit() for number in numbers):
        message = f"“{text}” is not a number of answers. Write, for example, 3 or 2..5."
        raise typer.BadParameter(message)
    return OverlapRange(*map(int, numbers))


def parse_deadline(text: str, tz: str) -> datetime:
    """Parse a date (its end counts) or a time, in the zone `tz` by default; return UTC.

    Raises:
        BadParameter: the text is not an ISO date, or out of range.
        UnknownTimeZoneError: the time zone does not exist.
    """
    deadline = _parse_iso(text)
    if len(text.strip()) <= len("2030-05-31"):
        deadline = datetime.combine(deadline.date(), time(23, 59, 59))
    if not deadline.tzinfo:
        deadline = deadline.replace(tzinfo=time_zone_named(tz))
    try:
        return deadline.astimezone(UTC)
    except OverflowError:  # before the year 1 or after 9999 in UTC
        message = f"“{text}” is out of range. Write, for example, 2030-05-31."
        raise typer.BadParameter(message) from None


def parse_date_or_time(text: str, tz: str = "UTC") -> datetime:
    """Parse a date (its start counts) or a time, in the zone `tz` by default.

    Raises:
        BadParameter: the text is not an ISO date.
        UnknownTimeZoneError: the time zone does not exist.
    """
    parsed = _parse_iso(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=time_zone_named(tz))


def _parse_iso(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        message = f"“{text}” is not a date. Write, for example, 2030-05-31 or 2030-05-31T18:00."
        raise typer.BadParameter(message) from None


def read_text(path: Path) -> str:
    """Return the content of a UTF-8 text file.

    Raises:
        BadParameter: the file cannot be read, or has NUL characters, which PostgreSQL refuses.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        message = f"{path} cannot be read: {reason}."
        raise typer.BadParameter(message) from None
    if "\0" in text:
        message = f"{path} is not a text file: it has NUL characters."
        raise typer.BadParameter(message)
    return text


def parse_folder(text: str) -> Path:
    """Parse a folder.

    Raises:
        BadParameter: it is not a folder on this machine.
    """
    try:
        return parse_local_folder(text)
    except NotAFolderError as error:
        raise typer.BadParameter(str(error)) from None


def parse_settings(
    kind: str, text: str | None, criteria: str | None, *, strength: bool
) -> dict[str, Any]:
    """Return the settings of a kind: JSON or `@file`, plus those with their own options.

    Raises:
        BadParameter: the text is not a JSON object, or the criteria are unknown.
    """
    settings = parse_json_object(text, "The settings", '{"strength": true}') if text else {}
    if criteria:
        settings |= _criteria_settings(kind, criteria)
    if strength:
        settings["strength"] = True
    return settings


def parse_json_object(text: str, what: str, example: str) -> dict[str, Any]:
    """Parse a JSON object from an option or from a file given as `@file`.

    Raises:
        BadParameter: it is not a JSON object. The message begins with `what` and shows `example`.
    """
    source = read_text(Path(text[1:])) if text.startswith("@") else text
    try:
        parsed = orjson.loads(source)
    except orjson.JSONDecodeError as error:
        message = f"{what} are not valid JSON: {error}."
        raise typer.BadParameter(message) from None
    if not isinstance(parsed, dict):
        message = f"{what} must be a JSON object. Write, for example, {example}."
        raise typer.BadParameter(message)
    return parsed


def _criteria_settings(kind: str, name: str) -> dict[str, Any]:
    """Return the criteria of a rating by the name of their set, those of other kinds by theirs."""
    if kind in (COMPARISON.name, RANKING.name):
        return {"criteria": [part.strip() for part in name.split(",") if part.strip()]}
    if name not in CRITERIA_PRESETS:
        message = f"Unknown criteria “{name}”; choose {' or '.join(CRITERIA_PRESETS)}."
        raise typer.BadParameter(message)
    criteria = [criterion.model_dump(mode="json") for criterion in CRITERIA_PRESETS[name]]
    return {"criteria": criteria, "noun": name}
