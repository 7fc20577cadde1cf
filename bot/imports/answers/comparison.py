"""Answers to comparisons: the better side, a tie or both bad, in the words of many datasets."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from bot.imports.answers.candidate_names import common_names, positions_named
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
from bot.imports.answers.criteria import read_criteria
from bot.imports.row import InvalidRowError, quote_name
from bot.kinds.better_response import BETTER_RESPONSE, BLANK, STARTED_FROM
from bot.kinds.comparison import BOTH_BAD, LABEL_BY_OPTION, VERDICT

TIES = frozenset(
    (
        *("tie", "tied", "ties", "equal", "equally_good", "same", "the_same", "draw", "both"),
        *("both_good", "both_are_good", "tie_(both_good)", "no_preference", "indifferent"),
        *("about_the_same", "equivalent", "even", "a=b", "b=a", "a==b", "a~b"),
    )
)
BOTH_BADS = frozenset(
    (
        *("both_bad", "both_are_bad", "bothbad", "tie_(bothbad)", "tie_(both_bad)", "all_bad"),
        *("both_wrong", "equally_bad", "none_good", "neither_good", "neither_is_good"),
    )
)
"""“Neither” is not among them: neither may be better, or neither may be good."""

BETTER = re.compile(r"(?P<name>.+?)(?:_is)?(?:_(?P<degree>much|slightly))?_(?:better|wins|won)")
GREATER = re.compile(r"(?P<first>[ab])(?P<sign>>{1,3}|<{1,3})(?P<second>[ab])")

STRENGTH_WORDS = {
    "slightly": 1,
    "slightly_better": 1,
    "better": 2,
    "much": 3,
    "much_better": 3,
}
MAX_STRENGTH = 3

UNDERSTOOD = (
    *("a", "b", "left", "right", "model_a", "response_1", "A > B", "tie", "both bad"),
    *("the column, model or text of a response", "or any value with --value VALUE=ANSWER"),
)
STRENGTHS = ("1 to 3", "slightly", "better", "much")

NO_STRENGTH_NOTE = (
    "the campaign does not ask how much better a response is, so that only the better side of "
    "each answer is imported"
)
FROM_ZERO = (
    "the answers 0 and 1 are read as the first and the second response; if they mean something "
    "else, say so with --value, as in --value 0=tie"
)


def number_meanings(numbers: Collection[float], first_number: int) -> NumberMeanings:
    """Return what the numbers of a column mean, as far as all of them together tell it.

    Negative numbers prefer the first response, as in HelpSteer 3 and in exports of labelbot. 1 and
    2 are the responses, and so are 0 and 1. 0, 1 and 2 together may mean several things.
    """
    if any(number < 0 for number in numbers):
        return NumberMeanings(
            {
                f"{number:g}": f"{'ba'[number < 0]}{abs(number):g}" if number else "tie"
                for number in numbers
            }
        )
    if set(numbers) <= {1, 2} and (first_number or 2 in numbers):  # noqa: PLR2004 - the second one
        return NumberMeanings({"1": "left", "2": "right"})
    if set(numbers) <= {0, 1}:
        return NumberMeanings({"0": "left", "1": "right"}, FROM_ZERO if first_number else "")
    return NO_NUMBERS


def read_comparison(cells: AnswerCells, context: AnswerContext) -> FormValues:
    """Return the verdict, with its strength, criteria and a better response if the row has them.

    Raises:
        InvalidRowError: a value is not understood, or means several things.
    """
    found = set(_meanings_of(cells.answer, context))
    if len(found) > 1:
        value = quote_name(text_of_cell(cells.answer) or "")
        listed = " or ".join(sorted(LABEL_BY_OPTION[option] for option in found))
        message = (
            f"{value} in the column {quote_name(cells.column)} may mean “{listed}”; "
            "say which with --value"
        )
        raise InvalidRowError(message)
    if not found:
        raise not_understood(cells.column, cells.answer, UNDERSTOOD)
    verdict = _with_strength(found.pop(), cells, context)
    answer = {VERDICT: verdict, **read_criteria(cells, lambda cell: _sides_of(cell, context))}
    better_response = cells.parts.get("better_response")
    if is_empty(better_response):
        return answer
    if verdict != BOTH_BAD:
        message = "the row has a better response, but its answer is not that both are bad"
        raise InvalidRowError(message)
    return {**answer, BETTER_RESPONSE: better_response, STARTED_FROM: BLANK}


def _sides_of(value: object, context: AnswerContext) -> Iterator[str]:
    """Yield the options of a criterion that a value may mean, without any strength."""
    for option in _meanings_of(value, context):
        yield option[0] if option[1:].isdecimal() else option


def _meanings_of(value: object, context: AnswerContext) -> Iterator[str]:
    """Yield the options that a value may mean."""
    text = text_of_cell(value)
    if not text:
        return
    number = number_of(value)
    if number is None:
        yield from _options_named(text, context)
        return
    yield from ("ab"[position] for position in positions_named(text, context))
    words = context.numbers.get(f"{number:g}", "")
    if words[1:2].isdecimal() and not context.settings.strength:
        context.notes[NO_STRENGTH_NOTE] = None
        words = words[0]
    if words:
        yield from _options_named(words, context, with_content=False)


def _options_named(
    text: str, context: AnswerContext, *, with_content: bool = True
) -> Iterator[str]:
    normal = normalize(text)
    compact = normal.replace("_", "")
    if normal in LABEL_BY_OPTION:
        yield normal
    elif normal in TIES or compact in TIES:
        yield "tie"
    elif normal in BOTH_BADS:
        yield BOTH_BAD
    elif order := GREATER.fullmatch(compact):
        better = order["first"] if order["sign"][0] == ">" else order["second"]
        if order["first"] != order["second"]:
            yield f"{better}{MAX_STRENGTH}" if len(order["sign"]) > 1 else better
    elif match := BETTER.fullmatch(normal):
        degree = match["degree"]
        strength = STRENGTH_WORDS[degree] if degree else ""
        names = common_names(2, context.first_number)
        position = context.columns.get(match["name"], names.get(match["name"]))
        if position is not None:
            yield f"{'ab'[position]}{strength}"
    if with_content:
        yield from ("ab"[position] for position in positions_named(text, context))
    elif normal in (common := common_names(2, context.first_number)):
        yield "ab"[common[normal]]


def _with_strength(verdict: str, cells: AnswerCells, context: AnswerContext) -> str:
    """Return the verdict with the strength of the row, or without one if the campaign has none."""
    if verdict in ("tie", BOTH_BAD):
        return verdict
    side, strength = verdict[:1], verdict[1:]
    cell = cells.parts.get("strength")
    if not is_empty(cell):
        strength = str(_strength_of(cell, cells.columns["strength"]))
    if strength and not context.settings.strength:
        context.notes[NO_STRENGTH_NOTE] = None
        return side
    return f"{side}{strength}"


def _strength_of(value: object, column: str) -> int:
    number = number_of(value)
    strength = None if number is None else abs(number)
    if strength is None and isinstance(value, str):
        strength = STRENGTH_WORDS.get(normalize(value))
    if strength is None or strength not in range(1, MAX_STRENGTH + 1):
        raise not_understood(column, value, STRENGTHS)
    return int(strength)
