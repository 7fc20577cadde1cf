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

AnswerValue = dict[str, object]
"""What an expert answered, by field, as the expert saw it (before the order is undone)."""

FormInput = Mapping[str, object]
"""What came in from one tap or one sheet, by field: text or option values."""


SettingsT = TypeVar("SettingsT", bound=KindSettings)


class InvalidContentError(BotError):
    """This item does not suit the kind: {reason}."""


class InvalidAnswerError(BotError):
    """{reason}."""

    def __init__(self, field: str, reason: str, *, option: str = "0") -> None:
        """Say which field is wrong and what to do about it; `part` is the option it is about."""
        super().__init__(reason=reason)
        self.field = field
        self.option = option


@dataclass(frozen=True, slots=True)
class ParsedAnswer:
    """An answer as it will be stored; `complete` once nothing required is missing.

    `asks`: all is tapped, and something must be written yet.
    """

    value: AnswerValue
    complete: bool
    needs_text: bool = False


@dataclass(frozen=True, slots=True)
class Example(Generic[SettingsT]):
    """A whole task on paper: the contract tests put every kind through its own example."""

    content: Content
    settings: SettingsT
    inputs: tuple[FormInput, ...]
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
    task_phrase: str
    settings: type[SettingsT]
    validate_content: Callable[[Content, SettingsT], None]
    build_form: Callable[[Content, SettingsT, Order], Form]
    parse_answer: Callable[[FormInput, FormInput, SettingsT, Order], ParsedAnswer]
    summarize: Callable[[AnswerValue, SettingsT], str]
    to_label: Callable[[Content, AnswerValue, Order], Label]
    example: Example[SettingsT]
    max_active_minutes: int = 10


def text_of(form_input: FormInput, key: str) -> str:
    """Return the text given for `key`, stripped at the ends, "" where none was given."""
    value = form_input.get(key)
    return value.strip() if isinstance(value, str) else ""
