"""Times of answers: ISO 8601 in many spellings, or seconds or milliseconds since 1970."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.imports.answers.cells import not_understood, number_of

UNDERSTOOD = ("2026-03-02T09:00:00Z", "2026-03-02 09:00", "2026-03-02", "seconds since 1970")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_SECONDS = 4_102_444_800
"""The year 2100: larger numbers are milliseconds."""


def parse_time(column: str, value: object) -> datetime:
    """Return the time in a cell, aware; a time without a zone is in UTC.

    Raises:
        InvalidRowError: it is not a time between 1970 and 2100.
    """
    found = _parse(value)
    if found is None or not EPOCH <= found <= EPOCH + timedelta(seconds=MAX_SECONDS):
        raise not_understood(column, value, UNDERSTOOD)
    return found


def _parse(value: object) -> datetime | None:
    number = number_of(value)
    if number is not None:
        seconds = number if abs(number) <= MAX_SECONDS else number / 1000
        return EPOCH + timedelta(seconds=seconds) if abs(seconds) <= MAX_SECONDS else None
    try:
        moment = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
        if moment is None:
            return None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
