"""Answers on the criteria of a comparison or ranking: the best response on each, or a tie."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.imports.answers.cells import AnswerCells, FormValues, is_empty, not_understood
from bot.kinds.response_criteria import TIED

UNDERSTOOD = ("a response, as in the answer", "tie")


def read_criteria(cells: AnswerCells, meanings_of: Callable[[object], Iterable[str]]) -> FormValues:
    """Return the option chosen on each criterion; those with an empty cell are missing.

    Args:
        cells: the cells of the answer.
        meanings_of: returns the options that a value may mean.

    Raises:
        InvalidRowError: a value names no response or several, and is no tie.
    """
    chosen: FormValues = {}
    for key, value in cells.criteria.items():
        if is_empty(value):
            continue
        options = set(meanings_of(value))
        if len(options) != 1 or not all(one == TIED or len(one) == 1 for one in options):
            raise not_understood(cells.columns.get(key, cells.column), value, UNDERSTOOD)
        chosen[key] = options.pop()
    return chosen
