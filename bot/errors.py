"""Base classes of expected errors. The docstring of each class is the message people read."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import ClassVar


class BotError(Exception):
    """Something went wrong; please try again."""

    command_hint: ClassVar[str] = ""
    """What the command line adds: the option for what a dialog has as an input."""

    def __init__(self, **details: object) -> None:
        """Fill the placeholders of the docstring with `details`."""
        message = inspect.cleandoc(type(self).__doc__ or "")
        super().__init__(message.format(**details))
        self.details = details

    def for_command_line(self) -> str:
        """Return the message with the options that help."""
        return f"{self} {self.command_hint.format(**self.details)}".strip()


class FieldsError(BotError):
    """Check these fields: {problems}."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        """Take, by field key, what is wrong and what to do about it."""
        super().__init__(problems="; ".join(problem.rstrip(".") for problem in fields.values()))
        self.fields = dict(fields)


class NotFoundError(BotError):
    """Unknown {what} “{name}”. {hint}"""  # noqa: D415 - the hint has its own punctuation
