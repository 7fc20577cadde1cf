"""Conversion of items between the kinds' `Content` and what the database stores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.media import Media
from storage.audience import audience_of
from storage.bulk_insert import dump_json
from storage.queries.item_insertion import CandidateValues, ItemValues, NewItem
from storage.queries.items import ItemRow, ResponseRow

T = TypeVar("T")


def new_item_of(content: Content, shown_digest: str | None, *, has_text: bool = True) -> NewItem:
    """Return an item as it is inserted."""
    values = ItemValues(
        shown_digest=shown_digest,
        prompt=_dump_list(content.prompt, ConversationTurn.as_message),
        draft=content.draft,
        meta=dump_json(content.meta),
        media=_dump_list(content.media, Media.as_dict),
        author=content.author,
        domains=_dump_list(content.domains, str),
        language=content.language,
        gold=None if content.gold is None else dump_json(content.gold),
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
        extra=dump_json(candidate.extra) if candidate.extra else None,
    )


def _dump_list(parts: Sequence[T], convert: Callable[[T], object]) -> str:
    return dump_json(list(map(convert, parts))) if parts else "[]"


def content_of(row: ItemRow) -> Content:
    """Return the content of a database row; the inverse of `new_item_of`."""
    return Content(
        prompt=_turns_of(row.prompt),
        candidates=tuple(_candidate_of(response) for response in row.candidates),
        draft=row.draft,
        meta=row.meta,
        media=_media_of(row.media),
        author=row.author,
        domains=tuple(row.domains),
        language=row.language,
        gold=row.gold,
    )


def _candidate_of(row: ResponseRow) -> Candidate:
    return Candidate(
        row.text,
        row.model,
        _media_of(row.media),
        row.author,
        _turns_of(row.turns),
        row.extra or {},
    )


def _turns_of(messages: Sequence[Mapping[str, Any]]) -> tuple[ConversationTurn, ...]:
    return tuple(
        ConversationTurn(
            message["role"],
            message["content"],
            {key: value for key, value in message.items() if key not in ("role", "content")},
        )
        for message in messages
    )


def _media_of(stored: Sequence[Mapping[str, str]]) -> tuple[Media, ...]:
    return tuple(Media.from_dict(fields) for fields in stored)
