"""Errors that people can cause and mend. Each docstring is the sentence that the person reads."""

from __future__ import annotations

import inspect
from collections.abc import Mapping


class BotError(Exception):
    """Something went wrong; please try again."""

    def __init__(self, **details: object) -> None:
        """Fill the sentence in the docstring with `facts`."""
        sentence = inspect.cleandoc(type(self).__doc__ or "")
        super().__init__(sentence.format(**details))
        self.details = details


class FieldsError(BotError):
    """Please look again: {problems}."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        """Say of each field, by its key, what is wrong and what to do about it."""
        super().__init__(problems="; ".join(fields.values()))
        self.fields = dict(fields)


class NotFoundError(BotError):
    """Unknown {what} “{name}”. {hint}"""  # noqa: D415 - the hint has its own punctuation
