"""Shapes of items: what the rows of an item depend on beside its texts.

Most items of a campaign have one of a few shapes. An item with placeholders for its texts stands
for all items with one shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any, NamedTuple

import orjson

from bot.exports.row_templates import placeholder
from bot.kinds.rationale import REASON
from storage.queries.item_texts import StoredItem
from storage.queries.items import ItemRow, ResponseRow
from storage.queries.labels import LabelRow

MAX_ANSWER_CHARS = 500
"""Longest answer, as JSON, that has a shape: a longer one has a text that no other repeats."""

MESSAGE_KEYS = {"role", "content"}

ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)


class ItemShape(NamedTuple):
    """What the rows of an item depend on beside its texts.

    Attributes:
        roles: the role of each turn of the prompt.
        models: the model of each response.
        answers: the value and the order of each answer as JSON, whether the item has its texts, and
            what made the answer final.
    """

    roles: tuple[str, ...]
    models: tuple[str | None, ...]
    answers: tuple[tuple[str, str, bool, str | None], ...]


def read_prompts(items: Sequence[StoredItem]) -> list[list[dict[str, Any]]]:
    """Return the turns of each item's prompt."""
    prompts: list[list[dict[str, Any]]] = orjson.loads(f"[{','.join([i.prompt for i in items])}]")
    return prompts


def shape_of(
    item: StoredItem, prompt: Sequence[Mapping[str, Any]]
) -> tuple[ItemShape, list[str]] | None:
    """Return the shape of an item and its texts by slot; None if its rows need more than that."""
    if not item.is_plain:
        return None
    texts, roles, models, answers, pseudonyms = [item.key], [], [], [], []
    for turn in prompt:
        if turn.keys() != MESSAGE_KEYS:
            return None
        roles.append(turn["role"])
        texts.append(turn["content"])
    for _item, text, model, is_plain in item.responses:
        if not is_plain:
            return None
        models.append(model)
        texts.append(text)
    for _item, pseudonym, value, order, finalized_by, has_text in item.answers:
        if len(value) > MAX_ANSWER_CHARS:
            return None
        answers.append((_without_reason(value), order, bool(has_text), finalized_by))
        pseudonyms.append(pseudonym)
    return ItemShape(tuple(roles), tuple(models), tuple(answers)), texts + pseudonyms


def _without_reason(value: str) -> str:
    """Return an answer without its reason, which formats that copy texts do not have."""
    if f'"{REASON}"' not in value:
        return value
    answer = orjson.loads(value)
    answer.pop(REASON, None)
    return orjson.dumps(answer).decode()


def item_of_shape(shape: ItemShape) -> list[tuple[LabelRow, ItemRow]]:
    """Return the answers to an item of a shape, with placeholders in the order of `shape_of`."""
    slots = count()
    key = placeholder(next(slots))
    turns = [{"role": role, "content": placeholder(next(slots))} for role in shape.roles]
    responses = [
        ResponseRow(placeholder(next(slots)), model, [], None, [], None) for model in shape.models
    ]
    item = ItemRow(key, turns, None, {}, responses, [], None, [], None, None)
    return [
        (_row_with_placeholder(answer, placeholder(next(slots))), item) for answer in shape.answers
    ]


def _row_with_placeholder(answer: tuple[str, str, bool, str | None], pseudonym: str) -> LabelRow:
    value, order, has_text, finalized_by = answer
    return LabelRow(
        assignment_id=0,
        item_id=0,
        pseudonym=pseudonym,
        candidate_order=orjson.loads(order),
        value=orjson.loads(value),
        version=1,
        answered_at=ANY_TIME,
        guidelines_version=1,
        shown=None,
        seconds=None,
        paused=False,
        is_gold=False,
        finalized_by=finalized_by,
        is_imported=False,
        has_text=has_text,
        has_opened=False,
    )
