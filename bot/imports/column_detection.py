"""Which columns a person most likely means, by the names that public datasets give them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from bot.errors import BotError
from bot.imports.column_mapping import ColumnMapping, format_names
from bot.kinds.base import Kind

ColumnGroup = tuple[str, ...]
"""Columns that are meant together. Of several groups, the first that is there whole is taken."""

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
    """“{name}” has the columns {known}. Which hold the {part}? Say so, as in --map {example}."""


def detect_columns(
    columns: ColumnMapping,
    kind: Kind[Any],
    known: Collection[str],
    name: str,
    links: Collection[str] = (),
) -> ColumnMapping:
    """Fill in what is not mapped, as far as the columns `known` suggest it.

    What a kind wants is read off its example: a prompt alone, one candidate, two or more. Media are
    looked for only among `links`, the columns that hold nothing else: many datasets call other
    things an image.

    Raises:
        NoGuessError: if what the kind cannot do without is neither mapped nor guessed; it names the
            file `name`, its columns, and a mapping to start from.
    """
    candidate_count = len(kind.example.content.candidates)
    for part, groups in _name_groups(candidate_count).items():
        columns = _fill_part(columns, part, groups, known)
    columns = _fill_part(columns, "models", _model_name_groups(columns.candidates), known)
    columns = _detect_media(columns, known, links)
    _require_part(
        columns, "candidates" if candidate_count else "prompt", max(1, candidate_count), known, name
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
    """Return what the models of these candidates may be called, in the same order.

    With several columns, they must end alike (response_b goes with model_b): a wrong guess would
    blame the wrong model and nobody would notice.
    """
    if len(candidates) == 1:
        return (("models",), ("model",))
    suffixes = [column.rsplit("_", 1)[-1] for column in candidates]
    return (
        tuple(f"model_{end}" for end in suffixes),
        tuple(f"{end}_model" for end in suffixes),
    )


def _detect_media(
    columns: ColumnMapping, known: Collection[str], links: Collection[str]
) -> ColumnMapping:
    for part, words in MEDIA_NAMES.items():
        candidate_groups = _media_name_groups(words, columns.candidates)
        columns = (
            _fill_part(columns, f"candidate_{part}", candidate_groups, links)
            if candidate_groups
            else columns
        )
        columns = _fill_part(columns, part, tuple((word,) for word in words), links)
    if columns.images or columns.audio or columns.video:
        columns = _fill_part(columns, "alt", ALT_NAMES, known)
    return columns


def _media_name_groups(words: Collection[str], candidates: ColumnGroup) -> tuple[ColumnGroup, ...]:
    """Return what the media of several candidates may be called: they end as the candidates do."""
    suffixes = [column.rsplit("_", 1)[-1] for column in candidates]
    return tuple(tuple(f"{word}_{end}" for end in suffixes) for word in words if len(suffixes) > 1)


def _fill_part(
    columns: ColumnMapping, part: str, groups: tuple[ColumnGroup, ...], known: Collection[str]
) -> ColumnMapping:
    if getattr(columns, part):
        return columns
    taken = set(columns.mapped_columns())
    named = {name.strip().lower(): name for name in reversed(list(known)) if name not in taken}
    for group in groups:
        if group and all(word in named for word in group):
            return replace(columns, **{part: tuple(named[word] for word in group)})
    return columns


def _require_part(
    columns: ColumnMapping, part: str, number: int, known: Collection[str], name: str
) -> None:
    has_media = any(getattr(columns, f"candidate_{media}") for media in MEDIA_NAMES)
    if not getattr(columns, part) and not (part == "candidates" and has_media):
        example = f"{part}={','.join(list(known)[:number])}"
        raise ColumnsNotDetectedError(
            name=name, known=format_names(known), part=part, example=example
        )
