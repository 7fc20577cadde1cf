"""Which columns of a file make which part of an item, as a person maps them: `prompt=a,b`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from bot.errors import BotError
from bot.imports.row import quoted

Place = tuple[str, ...]
"""Where a value is: a column, then the keys and places inside it."""


class MappingError(BotError):
    """“{given}” maps no columns: {reason}."""


class MissingColumnError(BotError):
    """“{name}” has no column {missing}; its columns are {known}."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of each part; a dotted name (`turns.0`, `meta.model`) reaches into JSON.

    Several prompt columns are joined; `candidates` is one column a candidate, or one column that
    holds a list; `models` and `authors` say who wrote each candidate, in the same order, and
    `candidate_…` what belongs to each. `images`, `audio`, `video` and their `alt` belong to the
    prompt.
    """

    prompt: tuple[str, ...] = ()
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
    def parse(cls, mappings: Iterable[str]) -> Columns:
        """Read what a person wrote, such as ["prompt=instruction,input", "candidates=a,b"].

        Raises:
            MappingError: for an unknown part (with those that exist), a part mapped twice, a column
                without a name, a second draft or id.
        """
        found: dict[str, tuple[str, ...]] = {}
        for given in mappings:
            part, names = _parse(given)
            if part in found:
                raise MappingError(given=given, reason=f"{part} is mapped already")
            found[part] = names
        return cls(**found)

    def as_mappings(self) -> list[str]:
        """Return these columns as a person would write them, one mapping a part."""
        return [f"{part}={','.join(names)}" for part, names in self._parts().items() if names]

    def every(self) -> tuple[str, ...]:
        """Return every mapped column."""
        return tuple(name for names in self._parts().values() for name in names)

    def missing_from(self, known: Iterable[str]) -> list[str]:
        """Return the mapped columns that a file with the columns `known` does not have."""
        names = set(known)
        return [name for name in self.every() if not {name, name.split(".")[0]} & names]

    def _parts(self) -> dict[str, tuple[str, ...]]:
        return {part: getattr(self, part) for part in PARTS}


PARTS = tuple(field.name for field in fields(Columns))
SINGLE = ("draft", "id", "alt", "author", "language", "gold")


def _parse(given: str) -> tuple[str, tuple[str, ...]]:
    part, equals, names = given.partition("=")
    part, columns = part.strip(), tuple(name.strip() for name in names.split(","))
    if part not in PARTS or not equals:
        reason = f"write PART=COLUMN, where PART is one of {', '.join(PARTS)}"
        raise MappingError(given=given, reason=reason)
    if "" in columns:
        raise MappingError(given=given, reason="a column without a name stands after the =")
    if part in SINGLE and len(columns) > 1:
        raise MappingError(given=given, reason=f"{part} is one column")
    return part, columns


def value_at(row: Mapping[str, object], column: str) -> object:
    """Return what the row holds in a column, None where it has none.

    A column that is really called `a.b` comes before the `b` inside a column `a`.
    """
    if column in row:
        return row[column]
    value: object = row
    for step in column.split("."):
        value = _inside(value, step)
    return value


def _inside(value: object, step: str) -> object:
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
        return value[int(step)]
    return None


def rest_of(row: Mapping[str, object], columns: Sequence[str]) -> dict[str, object]:
    """Return what the row holds beside these columns, also beside dotted ones, order kept."""
    mapped = {(name,) if name in row else tuple(name.split(".")) for name in columns}
    rest = {name: _without(value, (name,), mapped) for name, value in row.items()}
    return {name: value for name, value in rest.items() if value is not _NOTHING}


_NOTHING = object()


def _without(value: object, at: Place, mapped: set[Place]) -> object:
    if at in mapped:
        return _NOTHING
    if not any(path[: len(at)] == at for path in mapped):
        return value
    if isinstance(value, Mapping):
        inner = {key: _without(part, (*at, key), mapped) for key, part in value.items()}
        return {key: part for key, part in inner.items() if part is not _NOTHING} or _NOTHING
    if isinstance(value, list):
        parts = [_without(part, (*at, str(place)), mapped) for place, part in enumerate(value)]
        return [part for part in parts if part is not _NOTHING] or _NOTHING
    return value


def listed(names: Iterable[str], most: int = 20) -> str:
    """Return column names in one line for a person."""
    known = list(names)
    more = f" and {len(known) - most} more" if len(known) > most else ""
    return ", ".join(quoted(name) for name in known[:most]) + more
