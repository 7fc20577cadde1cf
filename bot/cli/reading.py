"""What people write behind options: durations, deadlines, settings, texts from files."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import orjson
import typer

from bot import recurring
from bot.kinds.rating import CRITERIA
from bot.recurring import BadDurationError, checked_zone


def duration(text: str) -> timedelta:
    """Read `90m`, `4h`, `2d` or `1w` of working time.

    Raises:
        BadParameter: it is something else.
    """
    try:
        return recurring.duration(text)
    except BadDurationError as error:
        raise typer.BadParameter(str(error)) from None


def deadline(text: str, tz: str) -> datetime:
    """Read a day (its end is meant) or a moment, in the zone `tz` if it names none; return UTC.

    Raises:
        BadParameter: it is no date.
        UnknownZoneError: nobody knows the zone.
    """
    found = _moment(text)
    if len(text.strip()) <= len("2030-05-31"):
        found = datetime.combine(found.date(), time(23, 59, 59))
    return (found if found.tzinfo else found.replace(tzinfo=checked_zone(tz))).astimezone(UTC)


def moment(text: str) -> datetime:
    """Read a day (its beginning is meant) or a moment, in UTC if it names no zone.

    Raises:
        BadParameter: it is no date.
    """
    found = _moment(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        message = f"“{text}” is no date such as 2030-05-31 or 2030-05-31T18:00."
        raise typer.BadParameter(message) from None


def text_of(path: Path) -> str:
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


def settings_from(text: str | None, criteria: str | None, *, strength: bool) -> dict[str, Any]:
    """Return the settings of a kind: JSON or `@file`, and those that have options of their own.

    Raises:
        BadParameter: it is no JSON object, or nobody knows such criteria.
    """
    settings = json_object(text, "the settings", '{"strength": true}') if text else {}
    if criteria:
        settings |= _criteria(criteria)
    if strength:
        settings["strength"] = True
    return settings


def json_object(text: str, what: str, example: str) -> dict[str, Any]:
    """Read a JSON object that was written, or stands in a file named as `@file`.

    Raises:
        BadParameter: it is none; `what` they are and an `example` say how it should look.
    """
    source = text_of(Path(text[1:])) if text.startswith("@") else text
    try:
        read = orjson.loads(source)
    except orjson.JSONDecodeError as error:
        message = f"{what} are no JSON: {error}."
        raise typer.BadParameter(message) from None
    if not isinstance(read, dict):
        message = f"{what} must be a JSON object, such as {example}."
        raise typer.BadParameter(message)
    return read


def _criteria(name: str) -> dict[str, Any]:
    if name not in CRITERIA:
        message = f"“{name}” names no criteria; choose {' or '.join(CRITERIA)}."
        raise typer.BadParameter(message)
    return {"criteria": [one.model_dump(mode="json") for one in CRITERIA[name]], "noun": name}
