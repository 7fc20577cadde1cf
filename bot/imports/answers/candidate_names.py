"""Names of candidates in answers: a letter, a number, a column, a model or a text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from string import ascii_lowercase

from bot.imports.answers.cells import AnswerContext, normalize

NOUNS = (
    *("response", "model", "candidate", "answer", "output", "completion", "assistant", "option"),
    *("choice", "text", "system", "conversation", "generation", "reply", "translation", "summary"),
)
"""Words that stand before or after the letter or number of a candidate."""

ORDINALS = ("first", "second", "third", "fourth", "fifth")
SIDES = ("left", "right")


@cache
def common_names(count: int, first_number: int) -> Mapping[str, int]:
    """Return the position of each candidate by its usual names, in normal form.

    Plain numbers are not among them: their meaning depends on the file.
    """
    names: dict[str, int] = {}
    for position in range(count):
        letter, number = ascii_lowercase[position], str(position + first_number)
        counters = [letter, number]
        counters += [ORDINALS[position]] if position < len(ORDINALS) else []
        counters += [SIDES[position]] if count == len(SIDES) else []
        for counter in counters:
            names |= {f"{noun}_{counter}": position for noun in NOUNS}
            names |= {f"{counter}_{noun}": position for noun in NOUNS}
            names |= {f"{noun}{counter}": position for noun in NOUNS}
        names |= {counter: position for counter in counters if counter != number}
    return names


def positions_named(text: str, context: AnswerContext) -> set[int]:
    """Return the candidates that a text names: one, none, or several if it is ambiguous.

    A column of the file takes precedence over a usual name: it may count from another number.
    """
    normal = normalize(text)
    candidates = context.content.candidates
    folded = text.strip().casefold()
    found = {
        position
        for position, candidate in enumerate(candidates)
        if (candidate.model and candidate.model.strip().casefold() == folded)
        or (candidate.text and candidate.text.strip() == text.strip())
    }
    names = common_names(len(candidates), context.first_number)
    position = context.columns.get(normal, names.get(normal))
    return found if position is None else found | {position}
