"""Answer reader: the existing answers in a row, checked as if an expert had given them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any

from bot.imports.answers import ANSWER_FORMATS, COMMON_PARTS, AnswerFormat
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
from bot.imports.answers.mapping import EXPERT, AnswerMapping
from bot.imports.answers.times import parse_time
from bot.imports.mapping import ColumnMapping, MappingError, value_at
from bot.imports.row import InvalidRowError, ReadRow, Row, describe_type, quote_name
from bot.kinds.base import AnswerValue, InvalidAnswerError, Kind
from bot.kinds.comparison import VERDICT
from bot.kinds.content import Content
from bot.kinds.criteria_presets import Criterion
from bot.kinds.rationale import CONFIDENCE, CONFIDENCE_FIELD, MAX_REASON_CHARS, REASON
from bot.kinds.settings import Category, KindSettings

MAX_EXPERT_CHARS = 200

OTHER_CASE = (
    "the experts {first} and {other} differ only in capital letters and count as two; correct the "
    "file if they are one person"
)

Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ImportedAnswer:
    """An answer read from a file.

    `expert` is the name in the file, "" if it has none. `value` is as the kind stores it, with the
    candidates in the order of the row.
    """

    expert: str
    value: AnswerValue
    answered_at: datetime | None = None


@dataclass(slots=True)
class AnswerReader:
    """Reads the answers of rows.

    `notes` are warnings about the whole file, found so far. `experts` are the names found so far,
    by their small letters.
    """

    mapping: AnswerMapping
    kind: Kind[Any]
    settings: KindSettings
    format: AnswerFormat
    columns: Mapping[str, int]
    first_number: int
    numbers: NumberMeanings = NO_NUMBERS
    notes: dict[str, None] = field(default_factory=dict)
    experts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def build(
        cls,
        mapping: AnswerMapping,
        kind: Kind[Any],
        settings: KindSettings,
        columns: ColumnMapping,
        read: Callable[[], Iterable[ReadRow]],
    ) -> AnswerReader:
        """Return the reader of a file; `read` returns all its rows, to see which numbers it has.

        Raises:
            MappingError: a part or criterion is mapped that the kind does not have.
        """
        answer_format = ANSWER_FORMATS[kind.name]
        _check_parts(mapping, kind, settings, answer_format)
        names = {
            normalize(name): position
            for group in (columns.candidates, columns.models)
            if len(group) > 1
            for position, name in enumerate(group)
        }
        first_number = int(not any(re.search(r"(?:^|[^0-9])0(?:$|[^0-9])", name) for name in names))
        reader = cls(mapping, kind, settings, answer_format, names, first_number)
        reader.numbers = reader._find_numbers(read)
        if reader.numbers.warning:
            reader.notes[reader.numbers.warning] = None
        return reader

    def _find_numbers(self, read: Callable[[], Iterable[ReadRow]]) -> NumberMeanings:
        """Return what the numbers mean; what one number means depends on all others of the file."""
        if self.format.number_meanings is None:
            return NO_NUMBERS
        columns = (*self.mapping.answer, *chain(*self.mapping.criteria.values()))
        found: set[float] = set()
        for row in read():
            if not isinstance(row, Row):
                continue
            for column in columns:
                value = self._meaning_of(value_at(row.fields, column))
                number = number_of(value)
                if number is not None:
                    found.add(number)
        return self.format.number_meanings(found, self.first_number) if found else NO_NUMBERS

    def read_row(self, fields: Fields, content: Content) -> list[ImportedAnswer]:
        """Return the answers in a row; none if their cells are empty.

        Raises:
            InvalidRowError: a value is not understood; the message has the column and the values
                that are.
        """
        order = range(len(content.candidates))
        context = AnswerContext(
            content,
            partial(self.kind.build_form, content, self.settings, order),
            self.settings,
            self.columns,
            self.first_number,
            self.numbers.words,
            self.notes,
        )
        return [
            self._read_answer(cells, expert, context)
            for cells, expert in self._cells_of(fields)
            if not is_empty(cells.answer)
            or not all(map(is_empty, cells.criteria.values()))
            or not is_empty(cells.parts.get("ranks"))
        ]

    def _cells_of(self, fields: Fields) -> Iterator[tuple[AnswerCells, str]]:
        """Yield the cells of each answer in a row, and its expert."""
        mapping = self.mapping
        criteria = {
            key: self._criterion_cell(fields, names) for key, names in mapping.criteria.items()
        }
        parts = {part: value_at(fields, names[0]) for part, names in mapping.parts.items() if names}
        if len(names := mapping.parts.get("ranks", ())) > 1:
            ranks = [value_at(fields, name) for name in names]
            parts["ranks"] = None if all(map(is_empty, ranks)) else ranks
        columns = {part: names[0] for part, names in mapping.parts.items()}
        columns |= {key: names[0] for key, names in mapping.criteria.items()}
        experts = mapping.parts.get(EXPERT, ())
        for number, column in enumerate(mapping.answer or ("",)):
            answer = self._meaning_of(value_at(fields, column)) if column else None
            cells = AnswerCells(column, answer, criteria, parts, columns)
            expert = (
                self._expert_of(experts[number], value_at(fields, experts[number]))
                if experts and not is_empty(answer if column else True)
                else column * (len(mapping.answer) > 1)
            )
            yield cells, expert

    def _expert_of(self, column: str, value: object) -> str:
        """Return the name of an expert; the width of spaces in it does not matter."""
        text = text_of_cell(value)
        name = " ".join((text or "").split())
        if not name:
            flaw = "is blank" if text == "" or value is None else f"is {describe_type(value)}"
            message = f"the expert in the column {quote_name(column)} {flaw}"
            raise InvalidRowError(message)
        if len(name) > MAX_EXPERT_CHARS:
            message = f"the expert has {len(name):,} characters; the limit is {MAX_EXPERT_CHARS}"
            raise InvalidRowError(message)
        first = self.experts.setdefault(name.casefold(), name)
        if first != name:
            self.notes[OTHER_CASE.format(first=quote_name(first), other=quote_name(name))] = None
        return name

    def _criterion_cell(self, fields: Fields, names: tuple[str, ...]) -> object:
        values = [self._meaning_of(value_at(fields, name)) for name in names]
        if len(values) == 1:
            return values[0]
        return None if all(map(is_empty, values)) else values

    def _meaning_of(self, value: object) -> object:
        """Return what a value means according to --value, or the value itself."""
        if not self.mapping.meanings:
            return value
        text = text_of_cell(value)
        return value if text is None else self.mapping.meanings.get(text.casefold(), value)

    def _read_answer(
        self, cells: AnswerCells, expert: str, context: AnswerContext
    ) -> ImportedAnswer:
        form_input = self.format.parse(cells, context)
        value = self._parse(form_input, len(context.content.candidates))
        value |= _rationale_of(cells)
        time = cells.parts.get("time")
        answered_at = None if is_empty(time) else parse_time(cells.columns["time"], time)
        return ImportedAnswer(expert, value, answered_at)

    def _parse(self, form_input: FormValues, count: int) -> AnswerValue:
        """Return the answer as the kind stores it.

        A reason, a confidence and the criteria of a comparison or ranking need not be there.
        """
        changes: dict[str, object] = {"reason": "no", "confidence": False}
        if not self.settings.scales and (criteria := criteria_of(self.settings)):
            changes |= {"criteria": tuple(one for one in criteria if one.key in form_input)}
        if hasattr(self.settings, "strength"):
            has_strength = str(form_input.get(VERDICT))[1:].isdecimal()
            changes |= {"strength": has_strength, "write_better": True}
        settings = self.settings.model_copy(update=changes)
        try:
            answer = self.kind.parse_answer(form_input, {}, settings, range(count))
        except InvalidAnswerError as error:
            reason = str(error).rstrip(".")
            message = f"the answer is invalid: {reason}"
            raise InvalidRowError(message) from error
        if not answer.complete:
            message = "the answer is incomplete"
            raise InvalidRowError(message)
        return dict(answer.value)


def criteria_of(settings: KindSettings) -> Sequence[Criterion | Category]:
    """Return the criteria of a kind, none if it has no criteria."""
    found: Sequence[Criterion | Category] = getattr(settings, "criteria", ())
    return found


def _check_parts(
    mapping: AnswerMapping, kind: Kind[Any], settings: KindSettings, answer_format: AnswerFormat
) -> None:
    known = (*COMMON_PARTS, *answer_format.parts)
    for part, names in mapping.parts.items():
        if part not in known:
            reason = f"an answer to a {kind.name} has the parts {', '.join(known)}"
            raise MappingError(mapping=f"{part}={','.join(names)}", reason=reason)
    criteria = [one.key for one in criteria_of(settings)] if answer_format.has_criteria else []
    is_per_turn = bool(getattr(settings, "per_turn", False))
    for criterion, names in mapping.criteria.items():
        name = re.sub(r"^turn_?\d+_", "", criterion) if is_per_turn else criterion
        if name not in criteria:
            listed = ", ".join(f"answer.{key}" for key in criteria)
            reason = f"the criteria are {listed}" if listed else f"a {kind.name} has no criteria"
            columns = ",".join(names)
            raise MappingError(mapping=f"answer.{criterion}={columns}", reason=reason)
    if not getattr(settings, "strength", True) and "strength" in mapping.parts:
        reason = "the campaign does not ask how much better a response is"
        raise MappingError(mapping=f"strength={mapping.parts['strength'][0]}", reason=reason)


def _rationale_of(cells: AnswerCells) -> AnswerValue:
    """Return the reason and the confidence of an answer, as `bot.kinds.rationale` stores them."""
    value: AnswerValue = {}
    reason = cells.parts.get("rationale")
    if not is_empty(reason):
        text = text_of_cell(reason)
        if text is None or len(text) > MAX_REASON_CHARS:
            column = quote_name(cells.columns["rationale"])
            limit = f"up to {MAX_REASON_CHARS:,} characters"
            message = f"the rationale in the column {column} must be text of {limit}"
            raise InvalidRowError(message)
        value[REASON] = text
    confidence = cells.parts.get("confidence")
    if not is_empty(confidence):
        words = {normalize(point.hint): int(point.value) for point in CONFIDENCE_FIELD.points}
        number = number_of(confidence)
        point = words.get(normalize(text_of_cell(confidence) or ""), number)
        if point not in words.values():
            raise not_understood(cells.columns["confidence"], confidence, ("1 to 3", *words))
        value[CONFIDENCE] = int(point or 0)
    return value
