"""Rows and invalid rows, as every importer yields them, and the errors that reject a whole file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.errors import BotError


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `line` is the physical line where it starts, counted from 1.

    `file` is its file inside a folder or an archive, "" for a single file. `is_sound`: the reader
    knows that its values can be stored.
    """

    line: int
    fields: Mapping[str, object]
    file: str = ""
    is_sound: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class InvalidRow:
    """A row that cannot be imported; `reason` completes the sentence “line 12: …”."""

    line: int
    reason: str
    file: str = ""

    @property
    def place(self) -> str:
        """Return where the row is: "line 12", with its file if there are several."""
        return place_of(self.line, self.file)


@dataclass(frozen=True, slots=True)
class RowWarning:
    """Something to know about a row or file that is imported; `reason` is worded as above."""

    line: int
    reason: str
    file: str = ""

    @property
    def place(self) -> str:
        """Return where the row is, as in `InvalidRow`."""
        return place_of(self.line, self.file)


ReadRow = Row | InvalidRow | RowWarning
"""What a reader yields."""


def place_of(line: int, file: str = "") -> str:
    """Return a line in words, with its file if there is one."""
    return f"{file}, line {line}" if file else f"line {line}"


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
