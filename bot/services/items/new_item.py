"""Conversion of an item from the kinds' `Content` to what the database stores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import orjson

from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.media import Media
from storage.audience import audience_of
from storage.item_values import NewItem, Values

T = TypeVar("T")


def new_item_of(content: Content, shown_digest: str | None, *, has_text: bool = True) -> NewItem:
    """Return an item as it is inserted."""
    values = (
        shown_digest,
        _dump_list(content.prompt, ConversationTurn.as_message),
        content.draft,
        dump_json(content.meta),
        _dump_list(content.media, Media.as_dict),
        content.author,
        _dump_list(content.domains, str),
        content.language,
        None if content.gold is None else dump_json(content.gold),
    )
    candidates = [_candidate_values(candidate) for candidate in content.candidates]
    audience = audience_of(content.domains, content.language)
    return NewItem(values, candidates, audience, has_text, content.gold is not None)


def _candidate_values(candidate: Candidate) -> Values:
    return (
        candidate.text,
        candidate.model,
        _dump_list(candidate.media, Media.as_dict),
        candidate.author,
        _dump_list(candidate.turns, ConversationTurn.as_message),
        dump_json(candidate.extra) if candidate.extra else None,
    )


def _dump_list(parts: Sequence[T], convert: Callable[[T], object]) -> str:
    return dump_json(list(map(convert, parts))) if parts else "[]"


def dump_json(value: object) -> str:
    """Return a value as JSON columns store it."""
    return orjson.dumps(value).decode()
