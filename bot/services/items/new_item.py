"""Conversion of an item from the kinds' `Content` to what the database stores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import orjson

from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.media import Media
from storage.audience import audience_of
from storage.item_values import CandidateValues, ItemValues, NewItem

T = TypeVar("T")


def new_item_of(content: Content, shown_digest: str | None, *, has_text: bool = True) -> NewItem:
    """Return an item as it is inserted."""
    values = ItemValues(
        shown_digest=shown_digest,
        prompt=_dump_list(content.prompt, ConversationTurn.as_message),
        draft=content.draft,
        meta=_dump_json(content.meta),
        media=_dump_list(content.media, Media.as_dict),
        author=content.author,
        domains=_dump_list(content.domains, str),
        language=content.language,
        gold=None if content.gold is None else _dump_json(content.gold),
    )
    candidates = [_new_candidate_of(candidate) for candidate in content.candidates]
    return NewItem(values, candidates, audience_of(content.domains, content.language), has_text)


def _new_candidate_of(candidate: Candidate) -> CandidateValues:
    return CandidateValues(
        text=candidate.text,
        model=candidate.model,
        media=_dump_list(candidate.media, Media.as_dict),
        author=candidate.author,
        turns=_dump_list(candidate.turns, ConversationTurn.as_message),
        extra=_dump_json(candidate.extra) if candidate.extra else None,
    )


def _dump_list(parts: Sequence[T], convert: Callable[[T], object]) -> str:
    return _dump_json(list(map(convert, parts))) if parts else "[]"


def _dump_json(value: object) -> str:
    return orjson.dumps(value).decode()
