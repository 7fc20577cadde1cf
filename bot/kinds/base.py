"""What a kind of task is: what it accepts, asks, reads and becomes. Every kind is one of these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.errors import BotError
from bot.kinds.content import Content, Order
from bot.kinds.form import Form
from bot.kinds.label import Label
from bot.kinds.settings import KindSettings

Value = dict[str, object]
"""What an expert answered, by field, as the expert saw it (before the order is undone)."""

Given = Mapping[str, object]
"""What came in from one tap or one sheet, by field: text or option values."""


SettingsT = TypeVar("SettingsT", bound=KindSettings)


class BadContentError(BotError):
    """This item does not suit the kind: {reason}."""


class WrongAnswerError(BotError):
    """{reason}."""

    def __init__(self, field: str, reason: str, *, part: str = "0") -> None:
        """Say which field is wrong and what to do about it; `part` is the option it is about."""
        super().__init__(reason=reason)
        self.field = field
        self.part = part


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer as it will be stored; `complete` once nothing required is missing.

    `asks`: all is tapped, and something must be written yet.
    """

    value: Value
    complete: bool
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Example(Generic[SettingsT]):
    """A whole task on paper: the contract tests put every kind through its own example."""

    content: Content
    settings: SettingsT
    given: tuple[Given, ...]
    order: Order
    label: Label


@dataclass(frozen=True, slots=True)
class Kind(Generic[SettingsT]):
    """One kind of task, as plain functions.

    Attributes:
        name: the word used in commands and tables.
        asks: what experts are asked, in one short phrase.
        settings: what a campaign of this kind may choose.
        accept: raises BadContentError when an item does not suit.
        form: the task as one expert sees it, candidates in their order.
        read: merges what was given into what was there; raises WrongAnswerError.
        receipt: the answer in a few words, for the receipt.
        label: the answer as training data, the order undone. The only place where it is undone.
        example: a complete example.
        stretch_minutes: how long somebody may be at one answer without a tap; beyond it they were
            away.
    """

    name: str
    asks: str
    settings: type[SettingsT]
    accept: Callable[[Content, SettingsT], None]
    form: Callable[[Content, SettingsT, Order], Form]
    read: Callable[[Given, Given, SettingsT, Order], Reading]
    receipt: Callable[[Value, SettingsT], str]
    label: Callable[[Content, Value, Order], Label]
    example: Example[SettingsT]
    stretch_minutes: int = 10


def text_of(given: Given, key: str) -> str:
    """Return the text given for `key`, stripped at the ends, "" where none was given."""
    value = given.get(key)
    return value.strip() if isinstance(value, str) else ""
