"""Shape of our own exports, so that importing one again adds no item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import cast

from bot.imports.literals import parse_cell
from bot.imports.messages import is_conversation
from bot.imports.shapes.shape import GROUP, Fields, Shape, cell, has_columns
from bot.imports.shapes.target_formats import own_fields
from bot.kinds.media import MediaType

ITEM = "item"
PROVENANCE = ("item", "expert", "campaign", "source")
MAJORITY = "with_majority"
ANSWER_COLUMNS = ("winner", "scores", "ranks", "verdict", "margin", "label")
WRITTEN_COLUMNS = ("completion", "origin")
WRITTEN_ORIGINS = ("written", "corrected")
"""Origins of a pair, or of a desirable response, that was written by an expert."""

ORIGIN_RATED = "rated"
"""Origin of a pair that was made of two items."""


PROMPT_COLUMNS = {"prompt", "item", "campaign"}
"""All columns of the `prompt-only` format."""


def _has_prompt_alone(row: Fields) -> bool:
    return row.keys() - {*PARTS.values()} == PROMPT_COLUMNS


def _is_export(row: Fields) -> bool:
    if _has_prompt_alone(row) or has_columns(*PROVENANCE, MAJORITY)(row):
        return True
    is_answer = any(name in row for name in ANSWER_COLUMNS) or has_columns(*WRITTEN_COLUMNS)(row)
    return is_answer and has_columns(*PROVENANCE)(row)


def _convert(group: Fields, count: int) -> Iterator[Fields]:
    """Yield the item of all rows with the same `item`."""
    rows = [own_fields(row) for row in cast("Sequence[Fields]", group[GROUP])]
    last = max(rows, key=_turn)
    if "guidelines_version" in last:
        yield _annotated_item(last, count)
        return
    prompt = cell(last, "prompt") if "prompt" in last else _shared_turns(last)
    if _has_prompt_alone(last):
        yield {"id": last[ITEM], **_prompt_fields(last, prompt)}
        return
    if not any(name in last for name in ANSWER_COLUMNS):
        yield from _written_items(rows, count)
        return
    if last.get("origin") == ORIGIN_RATED:
        yield from _rated_items(rows)
        return
    responses = [entry for row in rows if _turn(row) == _turn(last) for entry in _responses(row)]
    distinct = {repr(response): (response, model) for response, model in responses}
    candidates = [response for response, _model in distinct.values()]
    models = [model for _response, model in distinct.values()]
    yield {
        "id": last[ITEM],
        **_prompt_fields(last, prompt),
        **({"candidates": candidates, "models": models} if count else {}),
    }


def _rated_items(rows: Sequence[Fields]) -> Iterator[Fields]:
    """Yield the two items of each pair of ratings; the file does not have the id of each."""
    for row in rows:
        prompt = cell(row, "prompt") if "prompt" in row else _shared_turns(row)
        for response, model in _responses(row):
            yield {**_prompt_fields(row, prompt), "candidates": [response], "models": [model]}


def _shared_turns(row: Fields) -> object:
    """Return the prompt of two whole conversations: what they have in common."""
    chosen, rejected = _conversation(row, "chosen"), _conversation(row, "rejected")
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(chosen, rejected, strict=False))
    shared = [turn for turn, _same in pairs]
    return shared[: min(len(chosen), len(rejected)) - 1]


def _conversation(row: Fields, name: str) -> Sequence[object]:
    return cast("Sequence[object]", cell(row, name) or ())


def _written_items(rows: Sequence[Fields], count: int) -> Iterator[Fields]:
    """Yield the items of rows of the `sft` format, whose completion may be an expert's."""
    for row in rows if count else rows[:1]:
        candidates = {"candidates": [cell(row, "completion")]} if count else {}
        yield {"id": row[ITEM], **_prompt_fields(row, cell(row, "prompt")), **candidates}


def _turn(row: Fields) -> int:
    return int(str(row.get("turn") or 0))


def _responses(row: Fields) -> Iterator[tuple[object, object]]:
    """Yield the imported responses of a training row, each with its model."""
    is_written = row.get("origin") in WRITTEN_ORIGINS
    if "chosen" in row:
        start = 0 if "prompt" in row else len(cast("Sequence[object]", _shared_turns(row)))
        for name in ("rejected",) if is_written else ("chosen", "rejected"):
            yield _conversation(row, name)[start:], row.get(f"{name}_model")
    elif "label" in row and is_written:
        return
    elif "candidates" in row:
        models = cast("Sequence[object]", cell(row, "models") or ())
        candidates = cast("Sequence[object]", cell(row, "candidates"))
        for index, candidate in enumerate(candidates):
            yield candidate, models[index] if index < len(models) else None
    else:
        yield cell(row, "completion"), row.get("model")


def _annotated_item(row: Fields, count: int) -> Fields:
    """Return the item of a row of the `annotations` format, which has all of its parts."""
    texts, models = _annotated_responses(row)
    media = cast("Sequence[Sequence[Mapping[str, object]]]", cell(row, "media") or [[]])
    conversations = cast("Sequence[object]", cell(row, "responses") or [])
    candidates = list(conversations) if conversations else texts
    meta = cell(row, "meta")
    return {
        **(cast("Fields", meta) if isinstance(meta, Mapping) else {}),
        "id": row[ITEM],
        **_prompt_field(cell(row, "prompt")),
        "draft": row.get("draft") or None,
        **({"candidates": candidates, "models": models} if count else {}),
        **_media_fields(media),
    }


RESPONSE_COLUMNS: dict[object, tuple[str, ...]] = {
    "comparison": ("left", "right"),
    "rating": ("rated",),
    "demonstration": (),
    "validation": ("judged",),
    "curation": ("judged",),
}


def _annotated_responses(row: Fields) -> tuple[list[object], list[object]]:
    if row.get("kind") == "ranking":
        ranked = cast("list[object]", parse_cell(row.get("ranked")) or [])
        return ranked, cast("list[object]", parse_cell(row.get("ranked_models")) or [])
    names = RESPONSE_COLUMNS.get(row.get("kind"), ())
    return [row.get(name) for name in names], [row.get(f"{name}_model") for name in names]


def _prompt_field(prompt: object) -> dict[str, object]:
    """Return the prompt, nothing for the empty message that stands for no prompt."""
    messages = prompt if isinstance(prompt, list) else []
    is_empty = len(messages) == 1 and is_conversation(messages) and not messages[0].get("content")
    return {} if is_empty or not prompt else {"prompt": prompt}


def _prompt_fields(row: Fields, prompt: object) -> dict[str, object]:
    """Return the prompt of a training row with its images, audio and video."""
    media = {part: found for part in PARTS.values() if (found := cell(row, part))}
    return {**_prompt_field(prompt), **media}


PARTS: dict[MediaType, str] = {"image": "images", "audio": "audio", "video": "video"}


def _media_fields(media: Sequence[Sequence[Mapping[str, object]]]) -> dict[str, object]:
    """Return the links of the prompt and of each candidate, by type."""
    prompt, candidates = media[0] if media else [], media[1:]
    fields: dict[str, object] = {}
    for kind, part in PARTS.items():
        if links := [entry for entry in prompt if entry.get("type") == kind]:
            fields[part] = links
        groups = [[entry for entry in group if entry.get("type") == kind] for group in candidates]
        if any(groups):
            fields[f"candidate_{part}"] = groups
    return fields


OWN_EXPORT = Shape(
    "labelbot",
    "exports of labelbot",
    _is_export,
    _convert,
    group_by=ITEM,
    is_complete=True,
)
