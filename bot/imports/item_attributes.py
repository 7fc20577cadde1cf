"""What a row says about itself: who wrote it, whom it suits, in which language it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.imports.column_mapping import ColumnMapping, value_at
from bot.imports.row import InvalidRowError, describe_type

MAX_NAME_CHARS = 80
"""Characters of an author, domain or language."""

MAX_DOMAINS = 20


def author_of(row: Mapping[str, object], columns: ColumnMapping) -> str | None:
    """Return who wrote the prompt or the draft: a Slack id or a pseudonym.

    Raises:
        UnusableRowError: with the reason.
    """
    return _parse_name(_first_value(row, columns.author), "its author")


def authors_of(row: Mapping[str, object], columns: ColumnMapping, count: int) -> list[str | None]:
    """Return who wrote each of `count` candidates, None where it was nobody we know.

    Raises:
        UnusableRowError: with the reason.
    """
    values = [value_at(row, column) for column in columns.authors]
    if len(values) == 1 and (isinstance(values[0], list) or values[0] is None):
        values = values[0] if isinstance(values[0], list) else []
    if values and len(values) != count:
        message = f"it has {count} candidates and {len(values)} authors"
        raise InvalidRowError(message)
    names = values or [None] * count
    return [
        _parse_name(value, f"the author of candidate {number}")
        for number, value in enumerate(names, start=1)
    ]


def domains_of(row: Mapping[str, object], columns: ColumnMapping) -> tuple[str, ...]:
    """Return the domains that somebody must know to judge the item, in small letters.

    A column holds a list, or a text with commas between.

    Raises:
        UnusableRowError: with the reason.
    """
    values = [part for column in columns.domains for part in _split_values(value_at(row, column))]
    names = [_parse_name(value, "one of its domains") for value in values]
    known = tuple(dict.fromkeys(name.lower() for name in names if name))
    if len(known) > MAX_DOMAINS:
        message = f"it has {len(known)} domains, where {MAX_DOMAINS} are allowed"
        raise InvalidRowError(message)
    return known


def language_of(row: Mapping[str, object], columns: ColumnMapping) -> str | None:
    """Return the language somebody must know to judge the item, in small letters.

    Raises:
        UnusableRowError: with the reason.
    """
    name = _parse_name(_first_value(row, columns.language), "its language")
    return name.lower() if name else None


def _first_value(row: Mapping[str, object], columns: Sequence[str]) -> object:
    return value_at(row, columns[0]) if columns else None


def _split_values(value: object) -> Sequence[object]:
    if isinstance(value, str):
        return value.split(",")
    return value if isinstance(value, list) else [value]


def _parse_name(value: object, subject: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        message = f"{subject} is {describe_type(value)}, where a name is wanted"
        raise InvalidRowError(message)
    name = " ".join(value.split())
    if len(name) > MAX_NAME_CHARS:
        message = f"{subject} has {len(name):,} characters, where {MAX_NAME_CHARS} are allowed"
        raise InvalidRowError(message)
    return name or None
