"""What people write behind options: durations, deadlines, settings, texts from files."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import orjson
import typer

from bot import cron
from bot.cron import InvalidDurationError, time_zone_named
from bot.kinds.rating import CRITERIA_PRESETS


def parse_duration(text: str) -> timedelta:
    """Read `90m`, `4h`, `2d` or `1w` of working time.

    Raises:
        BadParameter: it is something else.
    """
    try:
        return cron.parse_duration(text)
    except InvalidDurationError as error:
        raise typer.BadParameter(str(error)) from None


def parse_deadline(text: str, tz: str) -> datetime:
    """Read a day (its end is meant) or a moment, in the zone `tz` if it names none; return UTC.

    Raises:
        BadParameter: it is no date.
        UnknownZoneError: nobody knows the zone.
    """
    found = _parse_iso(text)
    if len(text.strip()) <= len("2030-05-31"):
        found = datetime.combine(found.date(), time(23, 59, 59))
    return (found if found.tzinfo else found.replace(tzinfo=time_zone_named(tz))).astimezone(UTC)


def parse_moment(text: str) -> datetime:
    """Read a day (its beginning is meant) or a moment, in UTC if it names no zone.

    Raises:
        BadParameter: it is no date.
    """
    found = _parse_iso(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _parse_iso(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        message = f"“{text}” is no date such as 2030-05-31 or 2030-05-31T18:00."
        raise typer.BadParameter(message) from None


def read_text(path: Path) -> str:
    """Return a text file's content.

    Raises:
        BadParameter: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        message = f"{path} cannot be read: {reason}."
        raise typer.BadParameter(message) from None


def parse_settings(text: str | None, criteria: str | None, *, strength: bool) -> dict[str, Any]:
    """Return the settings of a kind: JSON or `@file`, and those that have options of their own.

    Raises:
        BadParameter: it is no JSON object, or nobody knows such criteria.
    """
    settings = parse_json_object(text, "the settings", '{"strength": true}') if text else {}
    if criteria:
        settings |= _criteria_settings(criteria)
    if strength:
        settings["strength"] = True
    return settings


def parse_json_object(text: str, what: str, example: str) -> dict[str, Any]:
    """Read a JSON object that was written, or stands in a file named as `@file`.

    Raises:
        BadParameter: it is none; `what` they are and an `example` say how it should look.
    """
    source = read_text(Path(text[1:])) if text.startswith("@") else text
    try:
        parsed = orjson.loads(source)
    except orjson.JSONDecodeError as error:
        message = f"{what} are no JSON: {error}."
        raise typer.BadParameter(message) from None
    if not isinstance(parsed, dict):
        message = f"{what} must be a JSON object, such as {example}."
        raise typer.BadParameter(message)
    return parsed


def _criteria_settings(name: str) -> dict[str, Any]:
    if name not in CRITERIA_PRESETS:
        message = f"“{name}” names no criteria; choose {' or '.join(CRITERIA_PRESETS)}."
        raise typer.BadParameter(message)
    return {
        "criteria": [one.model_dump(mode="json") for one in CRITERIA_PRESETS[name]],
        "noun": name,
    }
