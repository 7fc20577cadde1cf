"""Answers to validation and curation: good, bad or corrected, in the words of many tools."""

from __future__ import annotations

from collections.abc import Collection

from bot.imports.answers.cells import (
    NO_NUMBERS,
    AnswerCells,
    AnswerContext,
    FormValues,
    NumberMeanings,
    is_empty,
    normalize,
    not_understood,
    number_of,
    text_of_cell,
)
from bot.imports.row import InvalidRowError
from bot.kinds.form import ChoiceField
from bot.kinds.label import Judgment
from bot.kinds.verdict import CORRECTED, FIX, JUDGMENT_BY_OPTION, VERDICT

WORDS: dict[Judgment, frozenset[str]] = {
    "good": frozenset(
        (
            *("yes", "y", "true", "good", "keep", "kept", "correct", "valid", "faithful", "ok"),
            *("accept", "accepted", "approve", "approved", "pass", "passed", "thumbs_up", "up"),
        )
    ),
    "bad": frozenset(
        (
            *("no", "n", "false", "bad", "drop", "dropped", "incorrect", "invalid", "unfaithful"),
            *("not_faithful", "reject", "rejected", "fail", "failed", "discard", "discarded"),
            *("thumbs_down", "down", "remove", "removed"),
        )
    ),
    "corrected": frozenset(("fix", "fixed", "corrected", "correct_it", "edit", "edited")),
}
UNDERSTOOD = (
    *("yes, true, 1, good, keep, correct", "no, false, 0, bad, drop, incorrect"),
    *("fix, corrected, edited", "or any value with --value VALUE=ANSWER"),
)


def number_meanings(numbers: Collection[float], _first_number: int) -> NumberMeanings:
    """Return what the numbers mean: 1 is good, and 0 or -1 bad, unless both of these occur."""
    if set(numbers) <= {0, 1} or set(numbers) <= {-1, 1}:
        return NumberMeanings({"1": "good", "0": "bad", "-1": "bad"})
    return NO_NUMBERS


def read_verdict(cells: AnswerCells, context: AnswerContext) -> FormValues:
    """Return the verdict as an option of the campaign, with the corrected text if there is one.

    Raises:
        InvalidRowError: the value is not understood, or a correction has no text.
    """
    judgment = _judgment_of(cells, context)
    options = next(
        field.options
        for field in context.form().message_fields
        if isinstance(field, ChoiceField) and field.key == VERDICT
    )
    option = next(o.value for o in options if JUDGMENT_BY_OPTION[o.value] == judgment)
    corrected = cells.parts.get("corrected")
    if option != FIX:
        if not is_empty(corrected) and corrected != context.content.candidates[0].text:
            message = "the row has a corrected text, but its answer is not that it was corrected"
            raise InvalidRowError(message)
        return {VERDICT: option}
    if is_empty(corrected):
        message = "the corrected text is missing; map its column with --map corrected=COLUMN"
        raise InvalidRowError(message)
    return {VERDICT: option, CORRECTED: corrected}


def _judgment_of(cells: AnswerCells, context: AnswerContext) -> Judgment:
    number = number_of(cells.answer)
    text = text_of_cell(cells.answer) or ""
    word = context.numbers.get(f"{number:g}", "") if number is not None else normalize(text)
    found = next((judgment for judgment, words in WORDS.items() if word in words), None)
    if found is None:
        raise not_understood(cells.column, cells.answer, UNDERSTOOD)
    return found
