"""Item attributes of a row: authors, domains and language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.imports.mapping import CompiledMapping
from bot.imports.row import InvalidRowError, describe_type

MAX_NAME_CHARS = 80
"""Longest author, domain or language."""

MAX_DOMAINS = 20


def author_of(row: Mapping[str, object], mapping: CompiledMapping) -> str | None:
    """Return the author of the prompt or draft: a Slack id or a pseudonym.

    Raises:
        InvalidRowError: the value is not a name, or is too long.
    """
    return _parse_name(mapping.value(row, "author"), "the author")


def authors_of(row: Mapping[str, object], mapping: CompiledMapping, count: int) -> list[str | None]:
    """Return the author of each of `count` candidates, None where unknown.

    Raises:
        InvalidRowError: a value is not a name, or there is not one per candidate.
    """
    values = mapping.values(row, "authors")
    if len(values) == 1 and (isinstance(values[0], list) or values[0] is None):
        values = values[0] if isinstance(values[0], list) else []
    if values and len(values) != count:
        message = f"expected one author per candidate ({count}), found {len(values)}"
        raise InvalidRowError(message)
    names = values or [None] * count
    return [
        _parse_name(value, f"the author of candidate {number}")
        for number, value in enumerate(names, start=1)
    ]


def domains_of(row: Mapping[str, object], mapping: CompiledMapping) -> tuple[str, ...]:
    """Return the domains that an expert of the item must know, in lower case without duplicates.

    A column contains a list, or text separated by commas.

    Raises:
        InvalidRowError: a value is not a name, or there are more than `MAX_DOMAINS`.
    """
    values = [part for value in mapping.values(row, "domains") for part in _split_values(value)]
    names = [_parse_name(value, "a domain") for value in values]
    domains = tuple(dict.fromkeys(name.lower() for name in names if name))
    if len(domains) > MAX_DOMAINS:
        message = f"the item has {len(domains)} domains; the limit is {MAX_DOMAINS}"
        raise InvalidRowError(message)
    return domains


def language_of(row: Mapping[str, object], mapping: CompiledMapping) -> str | None:
    """Return the language that an expert of the item must know, in lower case.

    Raises:
        InvalidRowError: the value is not a name, or is too long.
    """
    name = _parse_name(mapping.value(row, "language"), "the language")
    return name.lower() if name else None


def _split_values(value: object) -> Sequence[object]:
    if isinstance(value, str):
        return value.split(",")
    return value if isinstance(value, list) else [value]


def _parse_name(value: object, subject: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        message = f"{subject} must be a name, not {describe_type(value)}"
        raise InvalidRowError(message)
    name = " ".join(value.split())
    if len(name) > MAX_NAME_CHARS:
        message = f"{subject} has {len(name):,} characters; the limit is {MAX_NAME_CHARS}"
        raise InvalidRowError(message)
    return name or None
