"""What comes out of a file, whatever its format: rows, and rows that cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import BotError


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `line` is the physical line it starts at, counted from 1."""

    line: int
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class InvalidRow:
    """One row that cannot be used; `reason` says why, to be read after “line 12: ”."""

    line: int
    reason: str


class InvalidRowError(Exception):
    """A row cannot be used; what it says is the reason of a BadRow."""


class UnreadableFileError(BotError):
    """“{name}” cannot be imported: {reason}."""


class EmptyFileError(BotError):
    """“{name}” holds no rows."""


MAX_SHOWN_CHARS = 60


def quote_name(name: str) -> str:
    """Return a name from a file as a person can read it: short, quoted, safe to print."""
    shown = name if len(name) <= MAX_SHOWN_CHARS else f"{name[: MAX_SHOWN_CHARS - 1]}…"
    printable = (mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in shown)
    return f"“{''.join(printable)}”"


def describe_type(value: object) -> str:
    """Return what a JSON value is, in words: "a number", "a list"."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names = {int: "a number", float: "a number", str: "a text", list: "a list"}
    return names.get(type(value), "an object")
