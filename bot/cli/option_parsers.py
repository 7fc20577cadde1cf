"""Parsers of option values: durations, dates, settings and text files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from bot import cron
from bot.cron import InvalidDurationError, time_zone_named
from bot.exports.destination import UnsupportedDestinationError, parse_destination
from bot.exports.row_options import SOURCES, Aggregate, RowOptions, parse_row_options
from bot.kinds.rating import CRITERIA_PRESETS

AggregateOption = Annotated[
    Aggregate | None,
    typer.Option(
        "--aggregate", help="How the answers to an item become rows; default: that of the format."
    ),
]

AgreementOption = Annotated[
    float,
    typer.Option(
        "--min-agreement",
        metavar="SHARE",
        help="Leave out rows with which fewer of the item's answers agree.",
        min=0.0,
        max=1.0,
    ),
]

SourceOption = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="SOURCES",
        help=f"Only items with these consensus sources, with commas: {', '.join(SOURCES)}.",
    ),
]


def row_options(
    aggregate: Aggregate | None, min_agreement: float, source: str | None
) -> RowOptions:
    """Return the options of an export's rows.

    Raises:
        UnknownSourceError, InvalidAgreementError: a value is invalid.
    """
    texts = {"min-agreement": str(min_agreement)}
    if source is not None:
        texts["source"] = source
    return replace(parse_row_options(texts), aggregate=aggregate)


def parse_duration(text: str) -> timedelta:
    """Parse working time such as `90m`, `4h`, `2d` or `1w`.

    Raises:
        BadParameter: the text has another form.
    """
    try:
        return cron.parse_duration(text)
    except InvalidDurationError as error:
        raise typer.BadParameter(str(error)) from None


def parse_deadline(text: str, tz: str) -> datetime:
    """Parse a date (its end counts) or a time, in the zone `tz` by default; return UTC.

    Raises:
        BadParameter: the text is not an ISO date.
        UnknownTimeZoneError: the time zone does not exist.
    """
    deadline = _parse_iso(text)
    if len(text.strip()) <= len("2030-05-31"):
        deadline = datetime.combine(deadline.date(), time(23, 59, 59))
    if not deadline.tzinfo:
        deadline = deadline.replace(tzinfo=time_zone_named(tz))
    return deadline.astimezone(UTC)


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
        BadParameter: the file cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        message = f"{path} cannot be read: {reason}."
        raise typer.BadParameter(message) from None


def parse_folder(text: str) -> Path:
    """Parse the folder of an export.

    Raises:
        BadParameter: it is not a folder on this machine.
    """
    try:
        return parse_destination(text)
    except UnsupportedDestinationError as error:
        raise typer.BadParameter(str(error)) from None


def parse_settings(text: str | None, criteria: str | None, *, strength: bool) -> dict[str, Any]:
    """Return the settings of a kind: JSON or `@file`, plus those with their own options.

    Raises:
        BadParameter: the text is not a JSON object, or the criteria are unknown.
    """
    settings = parse_json_object(text, "The settings", '{"strength": true}') if text else {}
    if criteria:
        settings |= _criteria_settings(criteria)
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


def _criteria_settings(name: str) -> dict[str, Any]:
    if name not in CRITERIA_PRESETS:
        message = f"Unknown criteria “{name}”; choose {' or '.join(CRITERIA_PRESETS)}."
        raise typer.BadParameter(message)
    criteria = [criterion.model_dump(mode="json") for criterion in CRITERIA_PRESETS[name]]
    return {"criteria": criteria, "noun": name}
