"""Cells of an answer, what an answer is read against, and the error of one that is not understood.

A value is compared in normal form: small letters, words joined by underscores.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.imports.row import InvalidRowError, describe_type, quote_name
from bot.kinds.content import Content
from bot.kinds.form import Form

FormValues = dict[str, object]
"""An answer by form field, as a tap or a dialog would send it."""


@dataclass(frozen=True, slots=True)
class AnswerCells:
    """The cells of one answer.

    `answer` is None if the criteria or ranks have cells of their own. `column` is the column of the
    answer, and `columns` are those of the criteria and other parts, for errors.
    """

    column: str
    answer: object
    criteria: Mapping[str, object] = field(default_factory=dict)
    parts: Mapping[str, object] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """What an answer is read against.

    Attributes:
        content: the item, with the candidates in the order of the row.
        form: returns the form of the item, with the candidates in that order.
        settings: the settings of the kind.
        columns: the columns of each candidate and its model, in normal form, by position.
        first_number: the number of the first candidate in names such as `response_0`: 0 or 1.
        numbers: what the numbers in the file mean, in words.
        notes: warnings about the whole file; readers add to it.
    """

    content: Content
    form: Callable[[], Form]
    settings: Any
    columns: Mapping[str, int] = field(default_factory=dict)
    first_number: int = 1
    numbers: Mapping[str, str] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)


AnswerParser = Callable[[AnswerCells, AnswerContext], FormValues]
"""Returns the form input of an answer; raises InvalidRowError if it is not understood."""


@dataclass(frozen=True, slots=True)
class NumberMeanings:
    """What the numbers of an answer column mean, and a warning if that is a convention."""

    words: Mapping[str, str] = field(default_factory=dict)
    warning: str = ""


NO_NUMBERS = NumberMeanings()


def normalize(text: str) -> str:
    """Return a value in normal form: “Model A” is `model_a`."""
    return re.sub(r"[\s_\-]+", "_", text.strip().casefold()).strip("_")


def text_of_cell(value: object) -> str | None:
    """Return a cell as text: a number without a decimal point if it is whole; None for others."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    return value.strip() if isinstance(value, str) else None


def number_of(value: object) -> float | None:
    """Return a cell as a number, None if it is not one."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str) and not re.fullmatch(r"\s*[+-]?\d+(?:\.\d+)?\s*", value):
        return None
    return float(value)


def is_empty(value: object) -> bool:
    """Return whether a cell has no value."""
    return value in (None, [], {}) or (isinstance(value, str) and not value.strip())


def not_understood(column: str, value: object, understood: Iterable[str]) -> InvalidRowError:
    """Return the error for a value that is no answer, with the values that are."""
    text = text_of_cell(value)
    shown = describe_type(value) if text is None else quote_name(text)
    message = (
        f"{shown} in the column {quote_name(column)} is not understood; possible values are "
        f"{', '.join(understood)}"
    )
    return InvalidRowError(message)
