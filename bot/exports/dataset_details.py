"""What people say about a dataset: its license, its languages, and where it comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import BotError

LICENSE_PATTERN = re.compile(r"[a-z0-9][a-z0-9.+-]{0,79}")
"""An identifier as on the Hugging Face Hub, such as `cc-by-4.0`."""

LANGUAGE_PATTERN = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")

PROVENANCE_COLUMNS = ("license", "licence", "source")
"""Imported columns that say where an item comes from, and what may be done with it."""

LICENSE_COLUMNS = ("license", "licence")

MAX_VALUES = 20
"""Values of such a column that are counted one by one."""

OTHER_VALUES = "other values"


class InvalidLicenseError(BotError):
    """“{text}” is not the identifier of a license; write, for example, cc-by-4.0 or mit."""


class InvalidLanguageError(BotError):
    """“{text}” is not a language code; write, for example, en or de,pt-br."""


@dataclass(frozen=True, slots=True)
class DatasetDetails:
    """License identifiers and language codes; empty if unknown."""

    licenses: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


NO_DETAILS = DatasetDetails()


def parse_licenses(text: str) -> tuple[str, ...]:
    """Return the licenses that a text lists with commas.

    Raises:
        InvalidLicenseError: one is not an identifier.
    """
    licenses = _parts(text)
    for name in licenses:
        if not LICENSE_PATTERN.fullmatch(name):
            raise InvalidLicenseError(text=name)
    return licenses


def parse_languages(text: str) -> tuple[str, ...]:
    """Return the language codes that a text lists with commas.

    Raises:
        InvalidLanguageError: one is not a code.
    """
    languages = _parts(text)
    for code in languages:
        if not LANGUAGE_PATTERN.fullmatch(code):
            raise InvalidLanguageError(text=code)
    return languages


def _parts(text: str) -> tuple[str, ...]:
    parts = (part.strip().lower() for part in text.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def imported_licenses(provenance: Mapping[str, Mapping[str, int]]) -> tuple[str, ...]:
    """Return the licenses of imported rows, sorted; none if one of them is no identifier."""
    counts = [provenance[name] for name in LICENSE_COLUMNS if name in provenance]
    values = sorted({value.strip().lower() for column in counts for value in column})
    is_known = all(LICENSE_PATTERN.fullmatch(value) for value in values)
    return tuple(values) if is_known else ()
