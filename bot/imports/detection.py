"""Column detection: map columns automatically by the names that public datasets use."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from bot.errors import BotError
from bot.imports.column_names import (
    ALT_NAMES,
    CANDIDATE_LIST_NAMES,
    DRAFT_NAMES,
    HISTORY_NAMES,
    ID_NAMES,
    MEDIA_NAMES,
    MIN_SERIES,
    MODEL_WORDS,
    PAIR_NAMES,
    PAIR_SUFFIXES,
    PROMPT_NAMES,
    RESPONSE_WORDS,
    SERIES,
    SYSTEM_NAMES,
    TEXT_NAMES,
    ColumnGroup,
    normalize_name,
)
from bot.imports.mapping import ColumnMapping, format_names
from bot.kinds.base import Kind


class ColumnsNotDetectedError(BotError):
    """“{name}” has the columns {available}. Choose the columns with the {part}."""

    command_hint = "For example: --map {example}."


@dataclass(frozen=True, slots=True)
class FileColumns:
    """The columns of a file, as a sample of its rows shows them.

    `links` contain nothing but links, `lists` nothing but lists. If `is_grouped`, a column with one
    response per row has all candidates of an item. If `may_lack_text`, the texts of the candidates
    need not be there, because the file has answers to them. `has_prompt`: the
    candidates are conversations that contain it, so that a column called "source" is none.
    """

    file: str
    names: Collection[str]
    links: Collection[str] = ()
    lists: Collection[str] = ()
    is_grouped: bool = False
    may_lack_text: bool = False
    has_prompt: bool = False


def detect_columns(columns: ColumnMapping, kind: Kind[Any], file: FileColumns) -> ColumnMapping:
    """Return the mapping with unmapped parts detected from the names of the columns.

    The number of candidates in the kind's example decides which parts and names are tried. Media
    are detected only among the columns of links, because many datasets use a column called "image"
    for something else; earlier turns only among the columns of lists.

    Raises:
        ColumnsNotDetectedError: a part that the kind requires is neither mapped nor detected; the
            message has the file, its columns and an example mapping.
    """
    available = file.names
    candidate_count = len(kind.example.content.candidates)
    named = _name_groups(candidate_count, available)
    if file.is_grouped and candidate_count:
        named["candidates"] = (*TEXT_NAMES, *CANDIDATE_LIST_NAMES)
    if file.has_prompt:
        del named["prompt"]
    for part, groups in named.items():
        columns = _fill_part(columns, part, groups, available)
    if columns.prompt or set(columns.candidates) & set(file.lists):
        columns = _fill_part(columns, "system", SYSTEM_NAMES, available)
        columns = _fill_part(columns, "history", HISTORY_NAMES, file.lists)
    model_groups = _model_name_groups(columns.candidates)
    if file.may_lack_text and not columns.candidates:
        model_groups = _textless_model_groups(candidate_count)
    columns = _fill_part(columns, "models", model_groups, available)
    columns = _detect_media(columns, available, file.links, candidate_count)
    if file.may_lack_text and candidate_count and (columns.id or columns.models):
        return columns
    _require_part(
        columns,
        "candidates" if candidate_count else "prompt",
        max(1, candidate_count),
        available,
        file.file,
    )
    return columns


def _textless_model_groups(candidate_count: int) -> tuple[ColumnGroup, ...]:
    """Return the possible names of the model columns of candidates without texts."""
    names: tuple[ColumnGroup, ...] = {1: (("text",),), 2: PAIR_SUFFIXES}.get(candidate_count, ())
    return tuple(group for suffixes in names for group in _model_name_groups(suffixes))


def _name_groups(
    candidate_count: int, available: Collection[str]
) -> dict[str, tuple[ColumnGroup, ...]]:
    series = tuple(_find_series({normalize_name(name) for name in available}))
    candidates = {
        0: (),
        1: (*TEXT_NAMES, *CANDIDATE_LIST_NAMES),
        2: (*CANDIDATE_LIST_NAMES, *PAIR_NAMES),
    }.get(candidate_count, (*CANDIDATE_LIST_NAMES, *series))
    prompts = PROMPT_NAMES if candidate_count else (*PROMPT_NAMES, ("text",))
    return {"candidates": candidates, "prompt": prompts, "draft": DRAFT_NAMES, "id": ID_NAMES}


def _find_series(names: Collection[str]) -> Iterator[ColumnGroup]:
    """Yield the columns of each series of responses: `response_1`, `response_2`, `response_3`."""
    for word in RESPONSE_WORDS:
        for counters in SERIES:
            group: list[str] = []
            for counter in counters:
                if f"{word}_{counter}" not in names:
                    break
                group.append(f"{word}_{counter}")
            if len(group) >= MIN_SERIES:
                yield tuple(group)


def _model_name_groups(candidates: ColumnGroup) -> tuple[ColumnGroup, ...]:
    """Return the possible names of the model columns of these candidates, in the same order.

    With several columns the suffixes must match (`response_b` and `model_b`): a wrong guess would
    attribute responses to the wrong model unnoticed.
    """
    if len(candidates) == 1:
        return (("models",), ("model",))
    names = [normalize_name(column) for column in candidates]
    ends = [_counter_of(name) for name in names]
    return (
        *(tuple(f"{word}_{end}" for end in ends) for word in MODEL_WORDS),
        *(tuple(f"{end}_{word}" for end in ends) for word in MODEL_WORDS),
        *(tuple(f"{name}_{word}" for name in names) for word in MODEL_WORDS),
    )


def _counter_of(name: str) -> str:
    """Return what distinguishes a response: `b` of `response_b` and of `b_response`."""
    first, _, last = name.rpartition("_")
    return first if last in RESPONSE_WORDS else last


def _detect_media(
    columns: ColumnMapping, available: Collection[str], links: Collection[str], count: int
) -> ColumnMapping:
    for part, names in MEDIA_NAMES.items():
        candidate_groups = _media_name_groups(names, columns.candidates, count)
        columns = (
            _fill_part(columns, f"candidate_{part}", candidate_groups, links)
            if candidate_groups
            else columns
        )
        columns = _fill_part(columns, part, tuple((name,) for name in names), links)
    if columns.images or columns.audio or columns.video:
        columns = _fill_part(columns, "alt", ALT_NAMES, available)
    groups = [getattr(columns, f"candidate_{part}") for part in MEDIA_NAMES]
    responses: ColumnGroup = next(filter(None, groups), ())
    if not columns.candidates and len(responses) > 1:
        columns = _fill_part(columns, "models", _model_name_groups(responses), available)
    return columns


def _media_name_groups(
    names: Collection[str], candidates: ColumnGroup, count: int
) -> tuple[ColumnGroup, ...]:
    """Return the possible media columns of several candidates: they have the same suffixes.

    Without texts, the media of a pair may be the candidates.
    """
    ends = [tuple(_counter_of(normalize_name(column)) for column in candidates)]
    if not candidates and count == len(PAIR_SUFFIXES[0]):
        ends = list(PAIR_SUFFIXES)
    return tuple(tuple(f"{n}_{end}" for end in e) for n in names for e in ends if len(e) > 1)


def _fill_part(
    columns: ColumnMapping, part: str, groups: tuple[ColumnGroup, ...], available: Collection[str]
) -> ColumnMapping:
    if getattr(columns, part):
        return columns
    mapped = set(columns.mapped_columns())
    unmapped = {
        normalize_name(name): name for name in reversed(list(available)) if name not in mapped
    }
    for group in groups:
        if group and all(name in unmapped for name in group):
            return replace(columns, **{part: tuple(unmapped[name] for name in group)})
    return columns


def _require_part(
    columns: ColumnMapping, part: str, count: int, available: Collection[str], name: str
) -> None:
    has_media = any(getattr(columns, f"candidate_{media}") for media in MEDIA_NAMES)
    if not getattr(columns, part) and not (part == "candidates" and has_media):
        example = f"{part}={','.join(list(available)[:count])}"
        raise ColumnsNotDetectedError(
            name=name, available=format_names(available), part=part, example=example
        )
