"""Action ids and values of buttons and menus: rendering and parsing them.

They hold only an action name, a database id, a field and an option, so that no model name can reach
Slack through them. Input is untrusted: anyone can send anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from pydantic import Field

from bot.errors import BotError

_MAX_DIGITS = 18
"""Longest number that is parsed at all."""

MAX_ID = 2**31 - 1
"""Largest id in the database; PostgreSQL raises an error for a larger one."""

RowId: TypeAlias = Annotated[int, Field(ge=0, le=MAX_ID)]
"""The id of a row in the private metadata of a modal; 0: none."""

MENU = "menu"
"""Action name of menus whose options are different actions, each handled like its own button."""


class UnknownActionError(BotError):
    """This button is from an older version of the bot. Use `/label next` to get a new task."""


@dataclass(frozen=True, slots=True)
class Action:
    """An action of a button or of a menu option.

    `target_id` is the id of the assignment, campaign or other row that it is about, 0 for none.
    `field` and `option` identify the answer that was tapped.
    """

    name: str
    target_id: int = 0
    field: str = ""
    option: str = ""

    @property
    def action_id(self) -> str:
        """Return the `action_id`, which is unique in its row."""
        return ":".join(part for part in (self.name, self.field, self.option) if part)

    @property
    def value(self) -> str:
        """Return the `value` of the button or option."""
        return f"{self.target_id}:{self.field}:{self.option}"


def parse_block_action(action: Mapping[str, Any]) -> Action:
    """Parse an action of a block_actions payload.

    Raises:
        UnknownActionError: The bot does not render such an action.
    """
    selected = action.get("selected_option") or {}
    value = action.get("value", selected.get("value"))
    name = str(action.get("action_id", "")).partition(":")[0]
    parts = value.split(":") if isinstance(value, str) else []
    if len(parts) != 3 or not is_number(parts[0]):  # noqa: PLR2004 - assignment, field, option
        raise UnknownActionError
    if int(parts[0]) > MAX_ID:
        raise UnknownActionError
    target_id, field, option = int(parts[0]), parts[1], parts[2]
    return (
        Action(field, target_id, "", option)
        if name == MENU
        else Action(name, target_id, field, option)
    )


def parse_row_id(text: str) -> int:
    """Return the id of a row that a text names, 0 if it names none. No row has the id 0."""
    return int(text) if is_number(text) and int(text) <= MAX_ID else 0


def is_number(text: str) -> bool:
    """Check that a text is a whole number of at most 18 ASCII digits."""
    return text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS
