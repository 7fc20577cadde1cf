"""The interface of a task kind: content check, form, parser, summary and label."""

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
"""An expert's answer by field key, with the candidates in the order that the expert saw."""

FormInput = Mapping[str, object]
"""Input of one tap or one modal by field key: texts or option values."""

SettingsT = TypeVar("SettingsT", bound=KindSettings)


class InvalidContentError(BotError):
    """This item does not suit the kind: {reason}. Correct it in the file and import it again."""


class InvalidAnswerError(BotError):
    """{reason}."""

    def __init__(self, field: str, reason: str, *, option: str = "0") -> None:
        """Store the invalid field, and the option of a ranking that the error is about."""
        super().__init__(reason=reason)
        self.field = field
        self.option = option


@dataclass(frozen=True, slots=True)
class ParsedAnswer:
    """An answer ready to be stored; `complete` if no required field is missing.

    `needs_text`: the message fields are answered, but a required modal field is missing.
    """

    value: AnswerValue
    complete: bool
    needs_text: bool = False


@dataclass(frozen=True, slots=True)
class Example(Generic[SettingsT]):
    """A complete task with its answer and label; the contract tests run each kind on its own."""

    content: Content
    settings: SettingsT
    inputs: tuple[FormInput, ...]
    order: Order
    label: Label


@dataclass(frozen=True, slots=True)
class Kind(Generic[SettingsT]):
    """One kind of task, as plain functions.

    Attributes:
        name: the name in commands and tables.
        task_phrase: what experts do, in one short phrase.
        settings: the settings of a campaign of this kind.
        validate_content: raises InvalidContentError if an item does not suit the kind.
        build_form: returns the form that one expert sees, with the candidates in their order.
        parse_answer: merges new input into the previous answer; raises InvalidAnswerError.
        summarize: returns the answer in a few words, for the receipt.
        to_label: returns the answer as training data. The candidate order is undone only here.
        example: a complete example.
        max_active_minutes: the longest gap between two taps that counts as work on one answer;
            after a longer gap, the expert is taken to have been away.
        validates_texts: whether `validate_content` depends on what texts say. If not, it sees only
            which parts an item has and which candidates are the same, and imports are faster.
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
    validates_texts: bool = True


def text_of(form_input: FormInput, key: str) -> str:
    """Return the text for `key` without surrounding white space, "" if there is none."""
    value = form_input.get(key)
    return value.strip() if isinstance(value, str) else ""


def length_error(noun: str, text: str, limit: int) -> str:
    """Return the error message for a text that is too long; `noun` is what the text is."""
    return f"A {noun} can have up to {limit:,} characters; yours has {len(text):,}"
