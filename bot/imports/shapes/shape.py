"""Definition of a shape: how the rows of a known dataset or tool become fields of items.

A shape returns rows whose columns have the names of parts (`prompt`, `candidates`, `models` …); all
other columns stay as they are and become `meta`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.imports.literals import parse_cell
from bot.imports.messages import expand_pairs, is_conversation
from bot.imports.row import InvalidRowError, quote_name

Fields = Mapping[str, object]

GROUP = "rows"
"""The column of a group that has its rows, in shapes that group rows."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape of datasets.

    Attributes:
        name: the name in commands.
        description: which datasets have it, in a phrase.
        matches: whether a row certainly has it, so that it need not be named.
        convert: returns the rows of items in a row, for kinds with so many candidates.
        is_complete: it returns all parts of an item, so that none is detected in other columns.
        has_own_columns: it returns columns that people have named, to be detected like those of
            a file.
        group_by: the column by which rows are grouped first; a group has its rows in `GROUP`.
        parts: the parts that it returns, if the first rows may not show them.
    """

    name: str
    description: str
    matches: Callable[[Fields], bool]
    convert: Callable[[Fields, int], Iterable[Fields]]
    group_by: str = ""
    is_complete: bool = False
    has_own_columns: bool = False
    parts: tuple[str, ...] = ()


def cell(row: Fields, name: str) -> object:
    """Return a value; JSON in a text, as CSV files have it, is parsed."""
    return parse_cell(row.get(name))


def has_columns(*names: str) -> Callable[[Fields], bool]:
    """Return a test for rows that have all of these columns."""
    return lambda row: all(name in row for name in names)


def text_or_messages(value: object) -> object:
    """Return the messages in a text, if it has nothing else; any other text may be a response."""
    parsed = parse_cell(value)
    is_message = isinstance(parsed, Mapping) and is_conversation([parsed])
    return parsed if is_message or is_conversation(parsed) else value


def require_list(row: Fields, *names: str) -> object:
    """Return the first value that is not blank among columns of lists. Raises as `require`."""
    return require({name: cell(row, name) for name in names if name in row}, *names)


def require(row: Fields, *names: str) -> object:
    """Return the first text or messages that are not blank among these columns.

    Raises:
        InvalidRowError: there is none.
    """
    for name in names:
        value = text_or_messages(row.get(name))
        if value not in (None, "", [], {}):
            return value
    listed = " or ".join(map(quote_name, names))
    message = f"the column {listed} is missing or empty"
    raise InvalidRowError(message)


def without(row: Fields, *names: str) -> dict[str, object]:
    """Return a row without some columns."""
    return {name: value for name, value in row.items() if name not in names}


def fields_of_conversation(messages: object, count: int) -> dict[str, object]:
    """Return the parts of one conversation: its end is what the expert judges or writes."""
    if count:
        return {"candidates": [messages]}
    if not is_conversation(messages) or not isinstance(messages, list):
        return {"prompt": messages}
    messages = expand_pairs(messages)
    last_user = max(
        (index for index, part in enumerate(messages) if is_user_message(part)),
        default=len(messages) - 1,
    )
    rest = messages[last_user + 1 :]
    later: dict[str, object] = {"later_messages": rest} if rest else {}
    return {"prompt": messages[: last_user + 1], **later}


def is_user_message(message: object) -> bool:
    """Return whether a message is the user's, in any convention."""
    names = ("role", "from", "type", "speaker", "author")
    roles = ("user", "human", "prompter", "tool", "observation", "function")
    return isinstance(message, Mapping) and any(message.get(name) in roles for name in names)
