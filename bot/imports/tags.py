"""What a row says about itself: who wrote it, whom it suits, in which language it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.imports.columns import Columns, value_at
from bot.imports.row import UnusableRowError, kind_of_value

LONGEST_NAME = 80
"""Characters of an author, domain or language."""

MOST_DOMAINS = 20


def author_of(row: Mapping[str, object], columns: Columns) -> str | None:
    """Return who wrote the prompt or the draft: a Slack id or a pseudonym.

    Raises:
        UnusableRowError: with the reason.
    """
    return _name(_first(row, columns.author), "its author")


def authors_of(row: Mapping[str, object], columns: Columns, count: int) -> list[str | None]:
    """Return who wrote each of `count` candidates, None where it was nobody we know.

    Raises:
        UnusableRowError: with the reason.
    """
    values = [value_at(row, column) for column in columns.authors]
    if len(values) == 1 and (isinstance(values[0], list) or values[0] is None):
        values = values[0] if isinstance(values[0], list) else []
    if values and len(values) != count:
        message = f"it has {count} candidates and {len(values)} authors"
        raise UnusableRowError(message)
    named = values or [None] * count
    return [
        _name(value, f"the author of candidate {number}")
        for number, value in enumerate(named, start=1)
    ]


def domains_of(row: Mapping[str, object], columns: Columns) -> tuple[str, ...]:
    """Return the domains that somebody must know to judge the item, in small letters.

    A column holds a list, or a text with commas between.

    Raises:
        UnusableRowError: with the reason.
    """
    values = [part for column in columns.domains for part in _parts(value_at(row, column))]
    names = [_name(value, "one of its domains") for value in values]
    known = tuple(dict.fromkeys(name.lower() for name in names if name))
    if len(known) > MOST_DOMAINS:
        message = f"it has {len(known)} domains, where {MOST_DOMAINS} are allowed"
        raise UnusableRowError(message)
    return known


def language_of(row: Mapping[str, object], columns: Columns) -> str | None:
    """Return the language somebody must know to judge the item, in small letters.

    Raises:
        UnusableRowError: with the reason.
    """
    name = _name(_first(row, columns.language), "its language")
    return name.lower() if name else None


def _first(row: Mapping[str, object], columns: Sequence[str]) -> object:
    return value_at(row, columns[0]) if columns else None


def _parts(value: object) -> Sequence[object]:
    if isinstance(value, str):
        return value.split(",")
    return value if isinstance(value, list) else [value]


def _name(value: object, what: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        message = f"{what} is {kind_of_value(value)}, where a name is wanted"
        raise UnusableRowError(message)
    name = " ".join(value.split())
    if len(name) > LONGEST_NAME:
        message = f"{what} has {len(name):,} characters, where {LONGEST_NAME} are allowed"
        raise UnusableRowError(message)
    return name or None
