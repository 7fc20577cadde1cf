"""Column mapping: which columns of a file become which part of an item, as in `prompt=a,b`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields

from bot.errors import BotError
from bot.imports.column_names import QUESTION_ID, normalize_name
from bot.imports.literals import parse_cell
from bot.imports.plain_content import PlainColumns
from bot.imports.row import quote_name

ValuePath = tuple[str, ...]
"""Path to a value: a column, then keys and list positions inside it."""


class MappingError(BotError):
    """“{mapping}” is not a valid mapping: {reason}."""


class MissingColumnError(BotError):
    """“{name}” has no column {missing}; its columns are {available}."""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The columns of each part; a dotted name (`turns.0`, `meta.model`) reaches into JSON.

    Several prompt or id columns are joined; `system` and `history` precede the prompt. `candidates`
    is one column per candidate, or one column with a list. `models`, `authors` and the
    `candidate_…` parts have one value per candidate, in the same order. `images`, `audio`, `video`
    and their `alt` belong to the prompt.
    """

    prompt: tuple[str, ...] = ()
    system: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    draft: tuple[str, ...] = ()
    id: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    audio: tuple[str, ...] = ()
    video: tuple[str, ...] = ()
    alt: tuple[str, ...] = ()
    candidate_images: tuple[str, ...] = ()
    candidate_audio: tuple[str, ...] = ()
    candidate_video: tuple[str, ...] = ()
    candidate_alt: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    gold: tuple[str, ...] = ()

    @classmethod
    def parse(cls, mappings: Iterable[str]) -> ColumnMapping:
        """Parse mappings such as ["prompt=instruction,input", "candidates=a,b"].

        Raises:
            MappingError: unknown part, part mapped twice, empty column name, or several columns for
                a part that takes one.
        """
        columns_by_part: dict[str, tuple[str, ...]] = {}
        for mapping in mappings:
            part, names = _parse_mapping(mapping)
            if part in columns_by_part:
                raise MappingError(mapping=mapping, reason=f"{part} is mapped twice")
            columns_by_part[part] = names
        return cls(**columns_by_part)

    def as_mappings(self) -> list[str]:
        """Return the mappings that `parse` reads, one per part."""
        return [
            f"{part}={','.join(names)}" for part, names in self._columns_by_part().items() if names
        ]

    def mapped_columns(self) -> tuple[str, ...]:
        """Return every mapped column."""
        return tuple(name for names in self._columns_by_part().values() for name in names)

    def missing_from(self, available: Iterable[str]) -> list[str]:
        """Return the mapped columns that are not among the `available` columns of a file."""
        names = set(available)
        return [name for name in self.mapped_columns() if not {name, name.split(".")[0]} & names]

    def _columns_by_part(self) -> dict[str, tuple[str, ...]]:
        return {part: getattr(self, part) for part in PARTS}


PARTS = tuple(field.name for field in fields(ColumnMapping))

ANSWER_PARTS = (
    *("answer", "expert", "time", "strength", "ranks", "confidence", "rationale"),
    *("corrected", "better_response"),
)
"""Parts of existing answers, which `bot.imports.answers` reads."""

SINGLE_COLUMN_PARTS = ("history", "draft", "alt", "author", "language", "gold")


def _parse_mapping(mapping: str) -> tuple[str, tuple[str, ...]]:
    part, equals, names = mapping.partition("=")
    part, columns = part.strip(), tuple(name.strip() for name in names.split(","))
    if part not in PARTS or not equals:
        parts, answers = ", ".join(PARTS), ", ".join(ANSWER_PARTS)
        reason = (
            f"write PART=COLUMN, where PART is one of {parts}; labelbot import also reads answers: "
            f"{answers}"
        )
        raise MappingError(mapping=mapping, reason=reason)
    if "" in columns:
        raise MappingError(mapping=mapping, reason="a column name after the = is empty")
    if part in SINGLE_COLUMN_PARTS and len(columns) > 1:
        raise MappingError(mapping=mapping, reason=f"{part} takes one column")
    return part, columns


Getter = Callable[[Mapping[str, object]], object]


class CompiledMapping:
    """A column mapping prepared for many rows: how to get the values of each part.

    Columns in `json_columns` contain JSON as text, as CSV files have it. `answer_columns` are those
    of existing answers, which are no part of the item. If `textless_candidates` is set, no column
    has the texts of the candidates, and an item has so many. `plain` are the columns of plain rows.
    """

    def __init__(
        self,
        columns: ColumnMapping,
        json_columns: Collection[str] = (),
        answer_columns: Collection[str] = (),
        textless_candidates: int = 0,
    ) -> None:
        """Prepare the access to every mapped column."""
        self.textless_candidates = textless_candidates
        self.has_question_id = normalize_name("".join(columns.id[:1])) == QUESTION_ID
        self.columns = columns
        self._getters: dict[str, tuple[Getter, ...]] = {
            part: tuple(_compile_getter(name, is_json=name in json_columns) for name in names)
            for part in PARTS
            if (names := getattr(columns, part))
        }
        self._plain_columns: dict[str, tuple[str, ...]] = {
            part: names
            for part in PARTS
            if not any("." in name or name in json_columns for name in getattr(columns, part))
            and (names := getattr(columns, part))
        }
        self.plain = self._find_plain()
        self._known: dict[tuple[str, ...], bool] = {}
        self._mapped = frozenset((*columns.mapped_columns(), *answer_columns))
        self._has_paths = any("." in name for name in self._mapped)

    def _find_plain(self) -> PlainColumns | None:
        """Return the columns of plain rows, None if the rows of this mapping are not plain."""
        has_others = self._plain_columns.keys() != self._getters.keys()
        is_plain = not has_others and not self.textless_candidates
        return PlainColumns.of(self._plain_columns) if is_plain else None

    def has(self, *parts: str) -> bool:
        """Return whether a column is mapped to one of these parts."""
        if parts not in self._known:
            self._known[parts] = not self._getters.keys().isdisjoint(parts)
        return self._known[parts]

    def values(self, row: Mapping[str, object], part: str) -> list[object]:
        """Return the values of a part, one per mapped column, None for a missing one."""
        names = self._plain_columns.get(part)
        if names is not None:
            return [row.get(name) for name in names]
        return [get(row) for get in self._getters.get(part, ())]

    def value(self, row: Mapping[str, object], part: str) -> object:
        """Return the value of the first column of a part, None if none is mapped."""
        getters = self._getters.get(part)
        return getters[0](row) if getters else None

    def rest_of(self, row: Mapping[str, object]) -> dict[str, object]:
        """Return the row without the mapped columns and dotted names, in its order."""
        if not self._has_paths:
            mapped = self._mapped
            return {name: value for name, value in row.items() if name not in mapped}
        paths = {(name,) if name in row else tuple(name.split(".")) for name in self._mapped}
        rest = {name: _remove_mapped(value, (name,), paths) for name, value in row.items()}
        return {name: value for name, value in rest.items() if value is not _EMPTY}


def _compile_getter(column: str, *, is_json: bool) -> Getter:
    if is_json:
        return lambda row: parse_cell(value_at(row, column))
    if "." in column:
        return lambda row: value_at(row, column)
    return lambda row: row.get(column)


def value_at(row: Mapping[str, object], column: str) -> object:
    """Return the value of a column or dotted name, None if there is none.

    A column whose own name is `a.b` takes precedence over the key `b` inside a column `a`.
    """
    if column in row:
        return row[column]
    value: object = row
    for step in column.split("."):
        value = _child_value(value, step)
    return value


def _child_value(value: object, step: str) -> object:
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
        return value[int(step)]
    return None


_EMPTY = object()


def _remove_mapped(value: object, path: ValuePath, mapped: set[ValuePath]) -> object:
    if path in mapped:
        return _EMPTY
    if not any(mapped_path[: len(path)] == path for mapped_path in mapped):
        return value
    if isinstance(value, Mapping):
        inner = {key: _remove_mapped(part, (*path, key), mapped) for key, part in value.items()}
        return {key: part for key, part in inner.items() if part is not _EMPTY} or _EMPTY
    if isinstance(value, list):
        parts = [
            _remove_mapped(part, (*path, str(index)), mapped) for index, part in enumerate(value)
        ]
        return [part for part in parts if part is not _EMPTY] or _EMPTY
    return value


def format_names(names: Iterable[str], max_names: int = 20) -> str:
    """Return quoted column names, comma-separated; those beyond `max_names` are only counted."""
    listed = list(names)
    more = f" and {len(listed) - max_names} more" if len(listed) > max_names else ""
    return ", ".join(quote_name(name) for name in listed[:max_names]) + more
