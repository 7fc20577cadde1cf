"""Column detection: map columns automatically by the names that public datasets use."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from bot.errors import BotError
from bot.imports.column_mapping import ColumnMapping, format_names
from bot.kinds.base import Kind

ColumnGroup = tuple[str, ...]
"""Columns used together. Of several groups, the first whose columns all exist is used."""

PROMPT_NAMES: tuple[ColumnGroup, ...] = (
    ("prompt",),
    ("instruction", "input"),
    ("instruction",),
    ("question",),
    ("query",),
    ("turns",),
    ("messages",),
    ("conversation",),
    ("source",),
    ("original",),
    ("document",),
    ("article",),
    ("input",),
)
TEXT_NAMES: tuple[ColumnGroup, ...] = (
    ("text",),
    ("joke",),
    ("response",),
    ("answer",),
    ("output",),
    ("completion",),
    ("candidate",),
    ("paraphrase",),
    ("summary",),
    ("back_translation",),
    ("backtranslation",),
    ("translation",),
    ("target",),
    ("messages",),
    ("conversation",),
)
CANDIDATE_LIST_NAMES: tuple[ColumnGroup, ...] = (
    ("candidates",),
    ("responses",),
    ("completions",),
    ("answers",),
)
PAIR_SUFFIXES = (("left", "right"), ("a", "b"), ("1", "2"))
PAIR_NAMES: tuple[ColumnGroup, ...] = (
    *(
        (f"{word}_{first}", f"{word}_{second}")
        for word in ("response", "answer", "completion", "output", "candidate", "text")
        for first, second in PAIR_SUFFIXES
    ),
    ("chosen", "rejected"),
    *PAIR_SUFFIXES,
)
DRAFT_NAMES: tuple[ColumnGroup, ...] = (("draft",),)
MEDIA_NAMES = {
    "images": ("images", "image", "image_url", "image_urls"),
    "audio": ("audio", "audio_url"),
    "video": ("video", "video_url"),
}
ALT_NAMES: tuple[ColumnGroup, ...] = (("alt",), ("alt_text",), ("image_alt",))
ID_NAMES: tuple[ColumnGroup, ...] = (
    ("id",),
    ("question_id",),
    ("uid",),
    ("uuid",),
    ("item_id",),
    ("example_id",),
    ("sample_id",),
)


class ColumnsNotDetectedError(BotError):
    """“{name}” has the columns {available}. Map the {part}, for example with --map {example}."""


def detect_columns(
    columns: ColumnMapping,
    kind: Kind[Any],
    available: Collection[str],
    name: str,
    links: Collection[str] = (),
) -> ColumnMapping:
    """Return the mapping with unmapped parts detected from the `available` column names.

    The number of candidates in the kind's example decides which parts and names are tried. Media
    are detected only among `links`, the columns that contain nothing but links, because many
    datasets use a column called "image" for something else.

    Raises:
        ColumnsNotDetectedError: a part that the kind requires is neither mapped nor detected; the
            message has the file `name`, its columns and an example mapping.
    """
    candidate_count = len(kind.example.content.candidates)
    for part, groups in _name_groups(candidate_count).items():
        columns = _fill_part(columns, part, groups, available)
    columns = _fill_part(columns, "models", _model_name_groups(columns.candidates), available)
    columns = _detect_media(columns, available, links)
    _require_part(
        columns,
        "candidates" if candidate_count else "prompt",
        max(1, candidate_count),
        available,
        name,
    )
    return columns


def _name_groups(candidate_count: int) -> dict[str, tuple[ColumnGroup, ...]]:
    candidates = {
        0: (),
        1: (*TEXT_NAMES, *CANDIDATE_LIST_NAMES),
        2: (*CANDIDATE_LIST_NAMES, *PAIR_NAMES),
    }.get(candidate_count, CANDIDATE_LIST_NAMES)
    prompts = PROMPT_NAMES if candidate_count else (*PROMPT_NAMES, ("text",))
    return {"candidates": candidates, "prompt": prompts, "draft": DRAFT_NAMES, "id": ID_NAMES}


def _model_name_groups(candidates: ColumnGroup) -> tuple[ColumnGroup, ...]:
    """Return the possible names of the model columns of these candidates, in the same order.

    With several columns the suffixes must match (`response_b` and `model_b`): a wrong guess would
    attribute responses to the wrong model unnoticed.
    """
    if len(candidates) == 1:
        return (("models",), ("model",))
    suffixes = [column.rsplit("_", 1)[-1] for column in candidates]
    return (
        tuple(f"model_{end}" for end in suffixes),
        tuple(f"{end}_model" for end in suffixes),
    )


def _detect_media(
    columns: ColumnMapping, available: Collection[str], links: Collection[str]
) -> ColumnMapping:
    for part, names in MEDIA_NAMES.items():
        candidate_groups = _media_name_groups(names, columns.candidates)
        columns = (
            _fill_part(columns, f"candidate_{part}", candidate_groups, links)
            if candidate_groups
            else columns
        )
        columns = _fill_part(columns, part, tuple((name,) for name in names), links)
    if columns.images or columns.audio or columns.video:
        columns = _fill_part(columns, "alt", ALT_NAMES, available)
    return columns


def _media_name_groups(names: Collection[str], candidates: ColumnGroup) -> tuple[ColumnGroup, ...]:
    """Return the possible media columns of several candidates: they have the same suffixes."""
    suffixes = [column.rsplit("_", 1)[-1] for column in candidates]
    return tuple(tuple(f"{name}_{end}" for end in suffixes) for name in names if len(suffixes) > 1)


def _fill_part(
    columns: ColumnMapping, part: str, groups: tuple[ColumnGroup, ...], available: Collection[str]
) -> ColumnMapping:
    if getattr(columns, part):
        return columns
    mapped = set(columns.mapped_columns())
    unmapped = {
        name.strip().lower(): name for name in reversed(list(available)) if name not in mapped
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
