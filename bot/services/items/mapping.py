"""Conversion of items from what the database stores to the kinds' `Content`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.media import Media
from storage.queries.items import ItemRow, ResponseRow


def content_of(row: ItemRow) -> Content:
    """Return the content of a database row; the inverse of `new_item.new_item_of`."""
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
