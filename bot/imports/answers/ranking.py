"""Answers to rankings: an order of the responses, best first, or the rank of each response."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_lowercase

from bot.imports.answers.candidate_names import positions_named
from bot.imports.answers.cells import (
    AnswerCells,
    AnswerContext,
    FormValues,
    normalize,
    not_understood,
    number_of,
    text_of_cell,
)
from bot.imports.answers.comparison import TIES
from bot.imports.answers.criteria import read_criteria
from bot.imports.literals import parse_cell
from bot.imports.row import InvalidRowError, quote_name
from bot.kinds import rank_notation
from bot.kinds.ranking import RANKS
from bot.kinds.response_criteria import TIED

UNDERSTOOD = (
    *("A>B=C", "B, A, C", "a list of letters, positions, models or texts, best first"),
    "an object or --map ranks=COLUMN with the rank of each response",
)
NAME_KEYS = ("value", "name", "id", "response", "model")
"""Keys of the response in a list of objects with ranks, as Argilla has them."""


def read_ranking(cells: AnswerCells, context: AnswerContext) -> FormValues:
    """Return the ranking in the notation of the kind, and the best response on each criterion.

    A list is an order, best first; one inside it has tied responses. An object has the rank of each
    response, 1 for the best. So has the part `ranks`, one column or value per response.

    Raises:
        InvalidRowError: the value is not understood, or does not rank every response once.
    """
    if "ranks" in cells.parts:
        ranks = _ranks_of_list(cells.parts["ranks"], cells.columns["ranks"], context)
    else:
        ranks = _ranks_of_answer(cells, context)
    count = len(context.content.candidates)
    if len(ranks) < count:
        column = quote_name(cells.columns.get("ranks", cells.column))
        message = f"the ranking in the column {column} has {len(ranks)} of {count} responses"
        raise InvalidRowError(message)
    return {
        RANKS: _notation_of(ranks),
        **read_criteria(cells, lambda cell: _best_of(cell, context)),
    }


def _best_of(value: object, context: AnswerContext) -> Iterator[str]:
    """Yield the options of a criterion that a value may mean."""
    text = text_of_cell(value) or ""
    if normalize(text) in TIES:
        yield TIED
    yield from (ascii_lowercase[position] for position in positions_named(text, context))


def _notation_of(ranks: Mapping[int, float]) -> str:
    """Return a ranking; gaps between ranks are closed, so that 1, 2, 2, 4 is a tie for second."""
    order = {rank: number for number, rank in enumerate(sorted(set(ranks.values())), start=1)}
    return rank_notation.format_ranks(
        {ascii_lowercase[position]: order[rank] for position, rank in ranks.items()}
    )


def _ranks_of_list(value: object, column: str, context: AnswerContext) -> dict[int, float]:
    """Return the ranks by position from one rank per response, in the order of the candidates."""
    count = len(context.content.candidates)
    ranks = parse_cell(value)
    if isinstance(ranks, str):
        ranks = re.split(r"[,;\s]+", ranks.strip())
    numbers = [number_of(rank) for rank in ranks] if isinstance(ranks, list) else []
    if len(numbers) != count or None in numbers:
        raise not_understood(column, value, (f"{count} numbers, 1 for the best response",))
    return {position: number for position, number in enumerate(numbers) if number is not None}


def _ranks_of_answer(cells: AnswerCells, context: AnswerContext) -> dict[int, float]:
    value = parse_cell(cells.answer)
    if isinstance(value, str):
        value = _split(value, context)
    if isinstance(value, list) and value and all(_is_ranked(entry) for entry in value):
        value = {_name_in(entry): entry["rank"] for entry in value}
    if isinstance(value, Mapping):
        return _ranks_of_mapping(value, cells, context)
    if not isinstance(value, list) or not value:
        raise not_understood(cells.column, cells.answer, UNDERSTOOD)
    places = [place if isinstance(place, list) else [place] for place in value]
    names = [name for place in places for name in place]
    first = _first_position(names, len(context.content.candidates))
    ranks: dict[int, float] = {}
    for rank, place in enumerate(places, start=1):
        for name in place:
            position = _position_of(name, first, cells, context)
            if position in ranks:
                shown = quote_name(text_of_cell(name) or "")
                message = f"{shown} is in the column {quote_name(cells.column)} twice; "
                message += "ranks of the responses are mapped with --map ranks=COLUMN"
                raise InvalidRowError(message)
            ranks[position] = rank
    return ranks


def _is_ranked(entry: object) -> bool:
    return isinstance(entry, Mapping) and "rank" in entry and any(key in entry for key in NAME_KEYS)


def _name_in(entry: Mapping[str, object]) -> object:
    return next(entry[key] for key in NAME_KEYS if key in entry)


def _split(text: str, context: AnswerContext) -> list[object]:
    """Return the places in a text: `A>B=C`, `B, A, C`, `b a c` or `BAC`."""
    count = len(context.content.candidates)
    if ">" in text:
        return [_names_in_place(place) for place in text.split(">")]
    if "," in text or ";" in text:
        return [_names_in_place(place) for place in re.split("[,;]", text)]
    words = text.split()
    if len(words) == count:
        return [_names_in_place(word) for word in words]
    letters = text.strip().casefold()
    return list(letters) if sorted(letters) == list(ascii_lowercase[:count]) else []


def _names_in_place(place: str) -> list[object]:
    return [name.strip() for name in place.split("=")]


def _first_position(names: Sequence[object], count: int) -> int | None:
    """Return the number of the first response if all names are numbers; it is in the file's."""
    numbers = [number_of(name) for name in names]
    if None in numbers:
        return None
    wanted = {0: set(range(count)), 1: set(range(1, count + 1))}
    return next((first for first, values in wanted.items() if set(numbers) == values), None)


def _ranks_of_mapping(
    value: Mapping[object, object], cells: AnswerCells, context: AnswerContext
) -> dict[int, float]:
    first = _first_position(list(value), len(context.content.candidates))
    ranks: dict[int, float] = {}
    for name, rank in value.items():
        number = number_of(rank)
        if number is None:
            raise not_understood(cells.column, rank, ("a rank, 1 for the best response",))
        ranks[_position_of(name, first, cells, context)] = number
    return ranks


def _position_of(
    name: object, first: int | None, cells: AnswerCells, context: AnswerContext
) -> int:
    """Return the position of the response that a name or number names.

    Raises:
        InvalidRowError: it names none, or several.
    """
    text = text_of_cell(name)
    number = number_of(name)
    found = positions_named(text, context) if text else set()
    if first is not None and number is not None:
        found = found | {int(number) - first}
    if not found:
        raise not_understood(cells.column, name, UNDERSTOOD)
    if len(found) > 1:
        message = (
            f"{quote_name(text or '')} in the column {quote_name(cells.column)} names several "
            "responses; use their letters"
        )
        raise InvalidRowError(message)
    return found.pop()
