"""What a button says of itself when it is pressed: a deed, an assignment, a field and an option.

Nothing else ever goes into ids and values, so no name of a model can leave through them. What
comes back is untrusted: anybody may send anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import BotError

_MAX_DIGITS = 18
"""Digits of the largest number that is read at all."""

_MAX_ID = 2**31 - 1
"""The largest key that a database hands out; PostgreSQL breaks off at a larger one."""


MENU = "also"
"""A menu of different deeds: what is picked in it counts as the button of that deed would."""


class UnknownActionError(BotError):
    """This button is from an older version of me. Use `/label next` to get a fresh task."""


@dataclass(frozen=True, slots=True)
class Action:
    """One button pressed or one option picked. `assignment` is 0 where it is about none.

    A deed about something else, such as a campaign, keeps its number in the same place: `about`.
    """

    name: str
    target_id: int = 0
    field: str = ""
    option: str = ""

    @property
    def target(self) -> int:
        """Return the number of what the deed is about."""
        return self.target_id

    @property
    def action_id(self) -> str:
        """Return the id of the button: unique in its row."""
        return ":".join(part for part in (self.name, self.field, self.option) if part)

    @property
    def value(self) -> str:
        """Return the value of the button."""
        return f"{self.target_id}:{self.field}:{self.option}"


def parse_block_action(action: Mapping[str, Any]) -> Action:
    """Read an action of a block_actions payload.

    Raises:
        UnknownButtonError: it is none of ours.
    """
    selected = action.get("selected_option") or {}
    value = action.get("value", selected.get("value"))
    name = str(action.get("action_id", "")).partition(":")[0]
    parts = value.split(":") if isinstance(value, str) else []
    if len(parts) != 3 or not is_number(parts[0]):  # noqa: PLR2004 - assignment, field, option
        raise UnknownActionError
    if int(parts[0]) > _MAX_ID:
        raise UnknownActionError
    target_id, field, option = int(parts[0]), parts[1], parts[2]
    return (
        Action(field, target_id, "", option)
        if name == MENU
        else Action(name, target_id, field, option)
    )


def is_number(text: str) -> bool:
    """Say whether a text is a whole number of a bearable length, in plain digits."""
    return text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS
