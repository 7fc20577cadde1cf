"""Days as people write them: “3 days”, “a week”, “until Friday”, “tomorrow”, “24 December”."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

FILLERS = frozenset({"for", "until", "till", "to", "on", "of", "the", "next", "this"})
"""Words that change nothing: a day is always the next one of its name."""

NUMBERS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
} | {"a": 1, "an": 1}

UNITS = {"day": 1, "week": 7, "month": 30}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DATE_FORMATS = ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y")
YEARLESS_FORMATS = ("%d %B", "%d %b", "%B %d", "%b %d")

MIN_WEEKDAY_CHARACTERS = 3
MAX_NUMBER_DIGITS = 4


def parse_day(text: str, today: date) -> date | None:
    """Return the day that a text names, counted from today; None if it names none.

    Weekdays, and dates without a year, are those that come next. A month has 30 days.
    """
    words = text.casefold().replace(",", " ").rstrip(". ").split()
    while words and words[0] in FILLERS:
        words = words[1:]
    return (
        _parse_distance(words, today)
        or _parse_weekday(words, today)
        or _parse_date(" ".join(words), today)
    )


def _parse_distance(words: Sequence[str], today: date) -> date | None:
    match words:
        case ["today" | "tonight"]:
            return today
        case ["tomorrow"]:
            return today + timedelta(days=1)
        case [unit] if unit in UNITS:
            return today + timedelta(days=UNITS[unit])
        case [number, unit] if unit.removesuffix("s") in UNITS:
            count = _parse_number(number)
            return today + timedelta(days=count * UNITS[unit.removesuffix("s")]) if count else None
        case _:
            return None


def _parse_number(word: str) -> int | None:
    if word in NUMBERS:
        return NUMBERS[word]
    is_number = word.isascii() and word.isdigit() and len(word) <= MAX_NUMBER_DIGITS
    return int(word) if is_number else None


def _parse_weekday(words: Sequence[str], today: date) -> date | None:
    if len(words) != 1 or len(words[0]) < MIN_WEEKDAY_CHARACTERS:
        return None
    for number, name in enumerate(WEEKDAYS):
        if name.startswith(words[0]):
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    return None


def _parse_date(text: str, today: date) -> date | None:
    for form in DATE_FORMATS:
        if found := _parse_format(text, form):
            return found
    for form in YEARLESS_FORMATS:
        for year in range(today.year, today.year + 5):  # 29 February is not in every year
            found = _parse_format(f"{text} {year}", f"{form} %Y")
            if found and found >= today:
                return found
    return None


def _parse_format(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a date has no time zone
    except ValueError:
        return None
