"""Rows and invalid rows, as every importer yields them, and the errors that reject a whole file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import BotError


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `line` is the physical line where it starts, counted from 1."""

    line: int
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class InvalidRow:
    """A row that cannot be imported; `reason` completes the sentence “line 12: …”."""

    line: int
    reason: str


class InvalidRowError(Exception):
    """A row cannot be imported; its message becomes the reason of an `InvalidRow`."""


class UnreadableFileError(BotError):
    """“{name}” cannot be imported: {reason}."""


class EmptyFileError(BotError):
    """“{name}” contains no rows."""


MAX_SHOWN_CHARS = 60


def quote_name(name: str) -> str:
    """Return a name from a file in quotes, shortened and with unprintable characters replaced."""
    shown = name if len(name) <= MAX_SHOWN_CHARS else f"{name[: MAX_SHOWN_CHARS - 1]}…"
    printable = (char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in shown)
    return f"“{''.join(printable)}”"


def describe_type(value: object) -> str:
    """Return the type of a JSON value in words: "a number", "a list"."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a Boolean"
    names = {int: "a number", float: "a number", str: "text", list: "a list"}
    return names.get(type(value), "an object")
