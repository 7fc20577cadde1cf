"""Answers to demonstrations: the text that somebody wrote."""

from __future__ import annotations

from bot.imports.answers.cells import AnswerCells, AnswerContext, FormValues, not_understood
from bot.kinds.demonstration import RESPONSE


def read_demonstration(cells: AnswerCells, _context: AnswerContext) -> FormValues:
    """Return the response.

    Raises:
        InvalidRowError: it is not text.
    """
    if not isinstance(cells.answer, str):
        raise not_understood(cells.column, cells.answer, ("text",))
    return {RESPONSE: cells.answer}
