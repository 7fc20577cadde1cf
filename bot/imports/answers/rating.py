"""Answers to ratings: a point of a scale or its label, on each criterion, also turn by turn."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.imports.answers.cells import (
    AnswerCells,
    AnswerContext,
    FormValues,
    is_empty,
    normalize,
    not_understood,
    number_of,
    text_of_cell,
)
from bot.imports.literals import parse_cell
from bot.imports.row import InvalidRowError, quote_name
from bot.kinds.criteria_presets import Criterion
from bot.kinds.form import ScaleField
from bot.kinds.turn_rating import FIELD_KEY

POINT_WITH_LABEL = re.compile(r"(\d+)\s*(?:[-\u2013\u2014:.)(/]|of|out of)\s*(.+?)\)?")
"""A point with its label or the top of the scale: “4 - clear”, “4 (clear)”, “4/5”."""

TURN_KEY = re.compile(r"turn_?(\d+)(?:of\d+)?_(.+)")
"""A key of one turn: `turn2_clarity`, as in exports."""


def read_rating(cells: AnswerCells, context: AnswerContext) -> FormValues:
    """Return the point of every criterion, of every turn if turns are rated.

    Raises:
        InvalidRowError: a criterion has no value, or its name or value is not understood.
    """
    criteria: Sequence[Criterion] = context.settings.criteria
    given = _given_values(cells, criteria)
    if not context.settings.per_turn:
        _reject_unknown(given, {criterion.key for criterion in criteria}, cells)
        return {c.key: _point_of(given.get(c.key), c, cells) for c in criteria}
    return _turn_points(given, criteria, cells, context)


def _given_values(cells: AnswerCells, criteria: Sequence[Criterion]) -> dict[str, object]:
    """Return the values by criterion, or by turn and criterion, from the cells of the answer."""
    keys = {normalize(name): c.key for c in criteria for name in (c.label, c.key)}
    given = {keys.get(normalize(name), name): value for name, value in cells.criteria.items()}
    answer = parse_cell(cells.answer)
    if is_empty(answer):
        return given
    if isinstance(answer, Mapping):
        return given | {keys.get(normalize(str(k)), str(k)): v for k, v in answer.items()}
    if isinstance(answer, list) and all(isinstance(turn, Mapping) for turn in answer):
        turns = [
            {keys.get(normalize(str(k)), str(k)): v for k, v in turn.items()} for turn in answer
        ]
        return given | {
            f"turn{number}_{key}": value
            for number, turn in enumerate(turns, start=1)
            for key, value in turn.items()
        }
    if len(criteria) == 1:
        return given | {criteria[0].key: answer}
    examples = ", ".join(f"--map answer.{criterion.key}=COLUMN" for criterion in criteria)
    message = (
        f"the column {quote_name(cells.column)} has one value, and the campaign has "
        f"{len(criteria)} criteria; map each: {examples}"
    )
    raise InvalidRowError(message)


def _reject_unknown(given: Mapping[str, object], known: set[str], cells: AnswerCells) -> None:
    unknown = next((key for key in given if key not in known), None)
    if unknown is not None:
        message = (
            f"the answer in the column {quote_name(cells.columns.get(unknown, cells.column))} has "
            f"the unknown criterion {quote_name(unknown)}; the criteria are "
            f"{', '.join(sorted(known))}"
        )
        raise InvalidRowError(message)


def _point_of(value: object, criterion: Criterion, cells: AnswerCells) -> int:
    """Return the point that a value means: a number on the scale, or the label of a point."""
    if is_empty(value):
        message = f"the answer has no value for {quote_name(criterion.key)}"
        raise InvalidRowError(message)
    top = len(criterion.anchors)
    point = _match_point(value, criterion)
    if point is None:
        column = cells.columns.get(criterion.key, cells.column)
        labels = [quote_name(anchor) for anchor in criterion.anchors if anchor]
        raise not_understood(column, value, (f"1 to {top}", *labels))
    return point


def _match_point(value: object, criterion: Criterion) -> int | None:
    points = range(1, len(criterion.anchors) + 1)
    number = number_of(value)
    if number is not None:
        return int(number) if number in points else None
    text = text_of_cell(value) or ""
    labels = [normalize(anchor) for anchor in criterion.anchors]
    if labels.count(normalize(text)) == 1:
        return labels.index(normalize(text)) + 1
    match = POINT_WITH_LABEL.fullmatch(text.strip())
    if match is None or int(match[1]) not in points:
        return None
    is_same = normalize(match[2]) in {labels[int(match[1]) - 1], str(len(criterion.anchors))}
    return int(match[1]) if is_same else None


def _turn_points(
    given: Mapping[str, object],
    criteria: Sequence[Criterion],
    cells: AnswerCells,
    context: AnswerContext,
) -> FormValues:
    """Return the points of each turn: a list per criterion, or a value per turn and criterion."""
    by_turn = _values_by_turn(given, criteria, cells)
    by_key = {criterion.key: criterion for criterion in criteria}
    points: FormValues = {}
    turns = 0
    for field in context.form().message_fields:
        match = FIELD_KEY.fullmatch(field.key) if isinstance(field, ScaleField) else None
        if match is None:
            continue
        turn, turns, key = int(match[1]), int(match[2]), match[3]
        points[field.key] = _point_of(by_turn.pop((turn, key), None), by_key[key], cells)
    if by_turn:
        turn, key = next(iter(by_turn))
        message = f"the answer rates turn {turn} on {quote_name(key)}, and there are {turns} turns"
        raise InvalidRowError(message)
    return points


def _values_by_turn(
    given: Mapping[str, object], criteria: Sequence[Criterion], cells: AnswerCells
) -> dict[tuple[int, str], object]:
    keys = {criterion.key for criterion in criteria}
    values: dict[tuple[int, str], object] = {}
    for name, value in given.items():
        match = TURN_KEY.fullmatch(name)
        if name not in keys and match and match[2] in keys:
            values[int(match[1]), match[2]] = value
            continue
        _reject_unknown({name: value}, keys, cells)
        listed = parse_cell(value)
        turns = listed if isinstance(listed, list) else [listed]
        values |= {(turn, name): point for turn, point in enumerate(turns, start=1)}
    return values
