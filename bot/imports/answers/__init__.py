"""Existing answers in imported files. The registry says how each kind's answers are written.

A new kind is an `AnswerFormat` and one line here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from bot.imports.answers import comparison, verdict
from bot.imports.answers.cells import AnswerParser, NumberMeanings
from bot.imports.answers.comparison import read_comparison
from bot.imports.answers.demonstration import read_demonstration
from bot.imports.answers.ranking import read_ranking
from bot.imports.answers.rating import read_rating
from bot.imports.answers.verdict import read_verdict


@dataclass(frozen=True, slots=True)
class AnswerFormat:
    """How the answers of a kind are written in files.

    Attributes:
        parse: returns the form input of an answer.
        parts: the parts that only this kind has, in addition to those of every kind.
        has_criteria: the answer may have one column per criterion.
        number_meanings: what all numbers of the answer column mean; the second argument is the
            number of the first candidate in the names of its columns. None: each says it alone.
    """

    parse: AnswerParser
    parts: tuple[str, ...] = ()
    has_criteria: bool = False
    number_meanings: Callable[[Collection[float], int], NumberMeanings] | None = None


COMMON_PARTS = ("answer", "expert", "time", "confidence", "rationale")

_VERDICT = AnswerFormat(read_verdict, parts=("corrected",), number_meanings=verdict.number_meanings)

ANSWER_FORMATS: dict[str, AnswerFormat] = {
    "demonstration": AnswerFormat(read_demonstration),
    "comparison": AnswerFormat(
        read_comparison,
        parts=("strength", "better_response"),
        has_criteria=True,
        number_meanings=comparison.number_meanings,
    ),
    "ranking": AnswerFormat(read_ranking, parts=("ranks",), has_criteria=True),
    "rating": AnswerFormat(read_rating, has_criteria=True),
    "validation": _VERDICT,
    "curation": _VERDICT,
}
