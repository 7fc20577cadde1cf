"""Which columns a person most likely means, by the names that public datasets give them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from bot.errors import BotError
from bot.imports.columns import Columns, listed
from bot.kinds.base import Kind

Group = tuple[str, ...]
"""Columns that are meant together. Of several groups, the first that is there whole is taken."""

PROMPTS: tuple[Group, ...] = (
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
TEXTS: tuple[Group, ...] = (
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
LISTS: tuple[Group, ...] = (("candidates",), ("responses",), ("completions",), ("answers",))
ENDS = (("left", "right"), ("a", "b"), ("1", "2"))
PAIRS: tuple[Group, ...] = (
    *(
        (f"{word}_{first}", f"{word}_{second}")
        for word in ("response", "answer", "completion", "output", "candidate", "text")
        for first, second in ENDS
    ),
    ("chosen", "rejected"),
    *ENDS,
)
DRAFTS: tuple[Group, ...] = (("draft",),)
MEDIA = {
    "images": ("images", "image", "image_url", "image_urls"),
    "audio": ("audio", "audio_url"),
    "video": ("video", "video_url"),
}
ALTS: tuple[Group, ...] = (("alt",), ("alt_text",), ("image_alt",))
IDS: tuple[Group, ...] = (
    ("id",),
    ("question_id",),
    ("uid",),
    ("uuid",),
    ("item_id",),
    ("example_id",),
    ("sample_id",),
)


class NoGuessError(BotError):
    """“{name}” has the columns {known}. Which hold the {part}? Say so, as in --map {example}."""


def guessed(
    columns: Columns,
    kind: Kind[Any],
    known: Collection[str],
    name: str,
    links: Collection[str] = (),
) -> Columns:
    """Fill in what is not mapped, as far as the columns `known` suggest it.

    What a kind wants is read off its example: a prompt alone, one candidate, two or more. Media are
    looked for only among `links`, the columns that hold nothing else: many datasets call other
    things an image.

    Raises:
        NoGuessError: if what the kind cannot do without is neither mapped nor guessed; it names the
            file `name`, its columns, and a mapping to start from.
    """
    wanted = len(kind.example.content.candidates)
    for part, groups in _groups(wanted).items():
        columns = _filled(columns, part, groups, known)
    columns = _filled(columns, "models", _models(columns.candidates), known)
    columns = _with_media(columns, known, links)
    _require(columns, "candidates" if wanted else "prompt", max(1, wanted), known, name)
    return columns


def _groups(wanted: int) -> dict[str, tuple[Group, ...]]:
    candidates = {0: (), 1: (*TEXTS, *LISTS), 2: (*LISTS, *PAIRS)}.get(wanted, LISTS)
    prompts = PROMPTS if wanted else (*PROMPTS, ("text",))
    return {"candidates": candidates, "prompt": prompts, "draft": DRAFTS, "id": IDS}


def _models(candidates: Group) -> tuple[Group, ...]:
    """Return what the models of these candidates may be called, in the same order.

    With several columns, they must end alike (response_b goes with model_b): a wrong guess would
    blame the wrong model and nobody would notice.
    """
    if len(candidates) == 1:
        return (("models",), ("model",))
    ends = [column.rsplit("_", 1)[-1] for column in candidates]
    return (
        tuple(f"model_{end}" for end in ends),
        tuple(f"{end}_model" for end in ends),
    )


def _with_media(columns: Columns, known: Collection[str], links: Collection[str]) -> Columns:
    for part, words in MEDIA.items():
        own = _ended(words, columns.candidates)
        columns = _filled(columns, f"candidate_{part}", own, links) if own else columns
        columns = _filled(columns, part, tuple((word,) for word in words), links)
    if columns.images or columns.audio or columns.video:
        columns = _filled(columns, "alt", ALTS, known)
    return columns


def _ended(words: Collection[str], candidates: Group) -> tuple[Group, ...]:
    """Return what the media of several candidates may be called: they end as the candidates do."""
    ends = [column.rsplit("_", 1)[-1] for column in candidates]
    return tuple(tuple(f"{word}_{end}" for end in ends) for word in words if len(ends) > 1)


def _filled(
    columns: Columns, part: str, groups: tuple[Group, ...], known: Collection[str]
) -> Columns:
    if getattr(columns, part):
        return columns
    taken = set(columns.every())
    named = {name.strip().lower(): name for name in reversed(list(known)) if name not in taken}
    for group in groups:
        if group and all(word in named for word in group):
            return replace(columns, **{part: tuple(named[word] for word in group)})
    return columns


def _require(columns: Columns, part: str, number: int, known: Collection[str], name: str) -> None:
    has_media = any(getattr(columns, f"candidate_{media}") for media in MEDIA)
    if not getattr(columns, part) and not (part == "candidates" and has_media):
        example = f"{part}={','.join(list(known)[:number])}"
        raise NoGuessError(name=name, known=listed(known), part=part, example=example)
