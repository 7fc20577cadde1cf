"""Errors that people can cause and mend. Each docstring is the sentence that the person reads."""

from __future__ import annotations

import inspect


class BotError(Exception):
    """Something went wrong; please try again."""

    def __init__(self, **facts: object) -> None:
        """Fill the sentence in the docstring with `facts`."""
        sentence = inspect.cleandoc(type(self).__doc__ or "")
        super().__init__(sentence.format(**facts))
        self.facts = facts


class NotFoundError(BotError):
    """There is no {what} called “{name}”; {hint}."""
