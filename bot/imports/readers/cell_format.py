"""Number formats of a spreadsheet: the text that a cell shows.

Covers whole and decimal numbers, leading zeros, thousands, percent, dates, times and durations, in
the notation of the file format (ECMA-376, 18.8.31). A number in any other format, such as a
fraction, is written in full, so that no digit is lost.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

NUMBER = re.compile(r"(?P<integer>[#0][#0,]*)(?:\.(?P<decimals>[0#?]*))?")
LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[[^\]hms]*\]|[_*].')
"""Quoted text, an escaped character, a color or currency in brackets, and padding."""

DATE_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|am/pm|a/p|\[h+\]|\[m+\]|\[s+\]|y+|m+|d+|h+|s+(?:\.0+)?|.', re.IGNORECASE
)

GENERAL = ("General", "@", "")


def format_cell(value: object, number_format: str) -> str:
    """Return the text that a cell with this value and number format shows."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, timedelta):
        return _format_duration(value, number_format)
    if isinstance(value, (datetime, date, time)):
        return _format_date(value, number_format)
    if isinstance(value, (int, float)):
        return _format_number(value, number_format)
    return str(value)


def _write_in_full(value: float) -> str:
    """Return a number without an exponent or a needless decimal point, as Excel shows it."""
    if isinstance(value, int) or value.is_integer():
        return str(int(value))
    return format(Decimal(f"{value:.15g}"), "f")


def _format_number(value: float, number_format: str) -> str:
    if number_format in GENERAL:
        return _write_in_full(value)
    positive, *others = number_format.split(";")
    section = others[0] if value < 0 and others else positive
    size = abs(value) if value < 0 and others else value
    plain = LITERAL.sub("", section)
    match = NUMBER.search(plain.strip())
    if not match or re.search(r"[?/eE]", plain):
        return _write_in_full(value)
    before, after = _affixes(section)
    return f"{before}{_format_digits(size, match, percent='%' in plain)}{after}"


def _affixes(section: str) -> tuple[str, str]:
    """Return the text before and after the digits of a format."""
    text = re.sub(r"\[\$([^\]\-]*)[^\]]*\]", r'"\1"', section)
    parts = re.split(r'((?:"[^"]*"|\\.|[_*].|\[[^\]]*\]))', text)
    shown = ["" if part[:1] in ("_", "*", "[") else part for part in parts]
    joined = "".join(
        f"\0{part[1:].removesuffix(chr(34))}\0" if part[:1] in ('"', "\\") else part
        for part in shown
    )
    match = re.search(r"[#0][#0,.]*", re.sub(r"\0[^\0]*\0", lambda m: "\1" * len(m[0]), joined))
    if match is None:
        return "", ""
    before, after = joined[: match.start()], joined[match.end() :]
    return before.replace("\0", ""), after.replace("\0", "")


def _format_digits(value: float, match: re.Match[str], *, percent: bool) -> str:
    places = match["decimals"] or ""
    number = Decimal(repr(value)) * (100 if percent else 1)
    rounded = number.quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP)
    digits, _, decimals = format(abs(rounded), "f").partition(".")
    digits = digits.zfill(match["integer"].replace(",", "").count("0"))
    if "," in match["integer"]:
        digits = f"{int(digits):,}"
    required = places.rfind("0") + 1
    while len(decimals) > required and decimals.endswith("0"):
        decimals = decimals[:-1]
    return f"{'-' * (rounded < 0)}{digits}{'.' * bool(decimals)}{decimals}"


def _format_date(value: datetime | date | time, number_format: str) -> str:
    if number_format in GENERAL:
        if isinstance(value, datetime) and value.time() == time():
            return value.date().isoformat()
        return value.isoformat()
    tokens = [match[0] for match in DATE_TOKEN.finditer(_first_section(number_format))]
    twelve_hours = any(token.lower() in ("am/pm", "a/p") for token in tokens)
    texts = []
    for index, token in enumerate(tokens):
        is_minute = token[0] in "mM" and _is_minute(tokens, index)
        texts.append(_format_token(value, token, is_minute=is_minute, twelve_hours=twelve_hours))
    return "".join(texts)


def _first_section(number_format: str) -> str:
    return re.sub(r"\[[^\]hms]*\]|[_*].", "", number_format.split(";", maxsplit=1)[0])


def _is_minute(tokens: list[str], index: int) -> bool:
    """Return whether an m means minutes: after hours, or before seconds."""
    fields = [(number, token) for number, token in enumerate(tokens) if token[0] in "yYmMdDhHsS["]
    place = next(place for place, (number, _token) in enumerate(fields) if number == index)
    before = fields[place - 1][1].lower() if place else ""
    after = fields[place + 1][1].lower() if place + 1 < len(fields) else ""
    return before.startswith(("h", "[h")) or after.startswith("s")


def _format_token(
    value: datetime | date | time, token: str, *, is_minute: bool, twelve_hours: bool
) -> str:
    if token[0] == '"':
        return token[1:-1]
    if token[0] == "\\":
        return token[1:]
    lower = token.lower()
    if lower in ("am/pm", "a/p"):
        return f"{value:%p}"[: len(token) // 2]
    if lower[0] == "m" and not is_minute:
        return _date_part(value, "m", len(token))
    if lower[0] in "yd":
        return _date_part(value, lower[0], len(token))
    return _time_part(value, lower, twelve_hours=twelve_hours)


def _date_part(value: datetime | date | time, letter: str, count: int) -> str:
    if isinstance(value, time):
        return ""
    if letter == "y":
        return f"{value.year:04}" if count > 2 else f"{value.year % 100:02}"  # noqa: PLR2004 - yy and yyyy
    number, long, short = {
        "m": (value.month, "%B", "%b"),
        "d": (value.day, "%A", "%a"),
    }[letter]
    if count > 2:  # noqa: PLR2004 - three letters are a short name, four a long one
        name = value.strftime(long if count > 3 else short)  # noqa: PLR2004 - as above
        return name[:1] if count == 5 else name  # noqa: PLR2004 - five letters are an initial
    return str(number).zfill(count)


def _time_part(value: datetime | date | time, token: str, *, twelve_hours: bool) -> str:
    if token[0] not in "hms" or not isinstance(value, (datetime, time)):
        return token if token[0] not in "hms" else "0".zfill(len(token))
    hour = (value.hour % 12 or 12) if twelve_hours else value.hour
    number = {"h": hour, "m": value.minute, "s": value.second}[token[0]]
    whole, _, decimals = token.partition(".")
    fraction = f".{value.microsecond:06}"[: len(decimals) + 1] if decimals else ""
    return str(number).zfill(len(whole)) + fraction


def _format_duration(value: timedelta, number_format: str) -> str:
    seconds = round(value.total_seconds())
    parts = {"h": seconds // 3600, "m": seconds % 3600 // 60, "s": seconds % 60}
    if "[m" in number_format.lower():
        parts["m"] = seconds // 60
    elif "[s" in number_format.lower():
        parts["s"] = seconds
    tokens = [match[0] for match in DATE_TOKEN.finditer(number_format.split(";", maxsplit=1)[0])]
    texts = []
    for token in tokens:
        inner = token.lower().strip("[]")
        is_time = inner[:1] in parts and token[0] not in '"\\'
        texts.append(
            str(parts[inner[0]]).zfill(len(inner)) if is_time else token.strip('"').lstrip("\\")
        )
    return "".join(texts)
