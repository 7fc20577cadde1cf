"""Choices of an export: which answers count as new or as evident, and how experts are named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum

from bot.errors import BotError


class InvalidSinceError(BotError):
    """“{text}” is neither “last” nor a date; write, for example, 2026-03-01."""


class UnknownChoiceError(BotError):
    """Unknown value “{text}” of {option}; use {known}."""


class EmptyNamesError(BotError):
    """{option} needs at least one name; separate several with commas."""


LAST = "last"
"""Value of `since`: the last successful export of the same format."""


class Pseudonyms(StrEnum):
    """How far the pseudonym of an expert reaches.

    workspace: one name in all exports. campaign: one in all exports of a campaign. export: another
    in each export, so that nobody can link experts across exports by name.
    """

    WORKSPACE = "workspace"
    CAMPAIGN = "campaign"
    EXPORT = "export"


class Evidence(StrEnum):
    """Which answers have enough evidence that their expert could see all text.

    any: all. opened: those whose message showed all text, or whose expert opened the full text.
    """

    ANY = "any"
    OPENED = "opened"


def parse_since(text: str) -> datetime | str:
    """Return a time in UTC, or `LAST`. A date is its start; without a zone it is in UTC."""
    name = text.strip()
    if name.lower() == LAST:
        return LAST
    try:
        moment = datetime.fromisoformat(name)
    except ValueError:
        raise InvalidSinceError(text=text) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def write_since(since: datetime | str) -> str:
    """Return a time or `LAST` as `parse_since` reads it."""
    return since if isinstance(since, str) else f"{since:%Y-%m-%dT%H:%M:%SZ}"


FLAGS = {"yes": True, "no": False}
"""Texts of an option that is on or off."""

FLAG_TEXTS = {value: text for text, value in FLAGS.items()}


def parse_flag(text: str) -> bool:
    """Return whether a text says yes."""
    if text.strip().lower() not in FLAGS:
        raise UnknownChoiceError(text=text, option="deduplicate", known="yes or no")
    return FLAGS[text.strip().lower()]


def parse_names(text: str) -> tuple[str, ...]:
    """Return names separated by commas, each once."""
    names = dict.fromkeys(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise EmptyNamesError(option="meta")
    return tuple(names)


def choice_parser(option: str, choices: type[StrEnum]) -> Callable[[str], StrEnum]:
    """Return the parser of an option that has certain values."""

    def parse(text: str) -> StrEnum:
        try:
            return choices(text.strip().lower())
        except ValueError:
            raise UnknownChoiceError(text=text, option=option, known=" or ".join(choices)) from None

    return parse
