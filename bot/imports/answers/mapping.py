"""Answer mapping: which columns of a file hold existing answers, as in `answer=winner`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.errors import BotError
from bot.imports.mapping import ANSWER_PARTS, MappingError, format_names

ANSWER, EXPERT = "answer", "expert"

MAX_ANSWER_COLUMNS = 1_000
"""Columns of answers: one for each expert, or for each turn of a conversation."""


class ValueMeaningError(BotError):
    """“{meaning}” is not a valid meaning: {reason}."""


@dataclass(frozen=True, slots=True)
class AnswerMapping:
    """The columns of existing answers; empty if the file has none.

    Attributes:
        answer: the column of the answer, or one column for each expert.
        criteria: the columns of each criterion, for ratings.
        parts: the columns of every other part of `ANSWER_PARTS`.
        meanings: what values of the answer mean, by the value in small letters.
    """

    answer: tuple[str, ...] = ()
    criteria: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return whether the file has answers."""
        return bool(self.answer or self.criteria or "ranks" in self.parts)

    @classmethod
    def parse(cls, mappings: Iterable[str], meanings: Iterable[str] = ()) -> AnswerMapping:
        """Parse mappings such as `answer=winner`, `answer.humor=score` and `expert=rater`.

        Each meaning is VALUE=ANSWER, such as `model x won=left`.

        Raises:
            MappingError: a part is unknown, empty or mapped twice, or a part needs the answer.
            ValueMeaningError: a meaning has no value or no answer.
        """
        columns: dict[str, tuple[str, ...]] = {}
        for mapping in mappings:
            part, names = _parse_mapping(mapping)
            if part in columns:
                raise MappingError(mapping=mapping, reason=f"{part} is mapped twice")
            columns[part] = names
        return cls.from_columns(columns, meanings)

    @classmethod
    def from_columns(
        cls, columns: Mapping[str, tuple[str, ...]], meanings: Iterable[str] = ()
    ) -> AnswerMapping:
        """Return the mapping of columns by part, such as `answer`, `answer.humor` and `expert`.

        Raises:
            MappingError: a part needs the answer.
            ValueMeaningError: as in `parse`.
        """
        criteria = {part.partition(".")[2]: names for part, names in columns.items() if "." in part}
        parts = {
            part: names for part, names in columns.items() if "." not in part and part != ANSWER
        }
        found = cls(columns.get(ANSWER, ()), criteria, parts, _parse_meanings(meanings))
        found._check_combinations()
        return found

    def _check_combinations(self) -> None:
        if not self and self.parts:
            part, (column, *_rest) = next(iter(self.parts.items()))
            reason = "map the answer too, as in --map answer=COLUMN"
            raise MappingError(mapping=f"{part}={column}", reason=reason)
        if self.meanings and not self:
            value, meaning = next(iter(self.meanings.items()))
            reason = "map the answer, as in --map answer=COLUMN"
            raise ValueMeaningError(meaning=f"{value}={meaning}", reason=reason)
        experts = self.parts.get(EXPERT, ())
        if experts and len(experts) != max(1, len(self.answer)):
            reason = "map as many columns of experts as columns of answers"
            raise MappingError(mapping=f"{EXPERT}={','.join(experts)}", reason=reason)

    def by_part(self) -> dict[str, tuple[str, ...]]:
        """Return the columns of each part that has any, as `from_columns` reads them."""
        groups = {
            ANSWER: self.answer,
            **{f"{ANSWER}.{key}": names for key, names in self.criteria.items()},
            **self.parts,
        }
        return {part: names for part, names in groups.items() if names}

    def columns(self) -> tuple[str, ...]:
        """Return every mapped column."""
        return tuple(dict.fromkeys(name for names in self.by_part().values() for name in names))

    def missing_from(self, available: Iterable[str]) -> list[str]:
        """Return the mapped columns that are not among the `available` columns of a file."""
        names = set(available)
        return [name for name in self.columns() if not {name, name.split(".")[0]} & names]

    def part_of(self, column: str) -> str:
        """Return the parts that a column of the file is mapped to, "" for none."""
        found = [
            part
            for part, names in self.by_part().items()
            if any(column in {name, name.split(".")[0]} for name in names)
        ]
        return ", ".join(found)


NO_ANSWERS = AnswerMapping()


def is_answer_mapping(mapping: str) -> bool:
    """Return whether a mapping such as `answer=winner` is of a part of answers."""
    part = mapping.partition("=")[0].strip()
    return part in ANSWER_PARTS or part.partition(".")[0] == ANSWER


def _parse_mapping(mapping: str) -> tuple[str, tuple[str, ...]]:
    part, equals, names = mapping.partition("=")
    part, columns = part.strip(), tuple(name.strip() for name in names.split(","))
    if not equals or part.endswith("."):
        parts = ", ".join(ANSWER_PARTS)
        reason = f"write PART=COLUMN, where PART is {ANSWER}.CRITERION or one of {parts}"
        raise MappingError(mapping=mapping, reason=reason)
    if "" in columns:
        raise MappingError(mapping=mapping, reason="a column name after the = is empty")
    if len(set(columns)) < len(columns):
        raise MappingError(mapping=mapping, reason="a column is named twice")
    if len(columns) > MAX_ANSWER_COLUMNS:
        reason = f"it has more than {MAX_ANSWER_COLUMNS:,} columns"
        raise MappingError(mapping=mapping, reason=reason)
    takes_several = part in {ANSWER, EXPERT, "ranks"} or "." in part
    if not takes_several and len(columns) > 1:
        raise MappingError(mapping=mapping, reason=f"{part} takes one column")
    return part, columns


def _parse_meanings(meanings: Iterable[str]) -> dict[str, str]:
    parsed: dict[str, str] = {}
    for meaning in meanings:
        value, equals, answer = meaning.rpartition("=")
        key = value.strip().casefold()
        if not equals or not key or not answer.strip():
            reason = "write VALUE=ANSWER, such as “model x won=left”"
            raise ValueMeaningError(meaning=meaning, reason=reason)
        if key in parsed:
            reason = f"the value {format_names([value.strip()])} has two meanings"
            raise ValueMeaningError(meaning=meaning, reason=reason)
        parsed[key] = answer.strip()
    return parsed
