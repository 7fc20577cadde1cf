"""Conversion of items between the kinds' `Content` and the database's `ItemRow`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.media import Media
from storage.queries.items import ItemRow, ResponseRow


def row_of(
    key: str, content: Content, shown_digest: str | None = None, *, has_text: bool = True
) -> ItemRow:
    """Return an item as a database row."""
    return ItemRow(
        key=key,
        prompt=content.prompt_messages(),
        draft=content.draft,
        meta=dict(content.meta),
        candidates=[_response_row_of(candidate) for candidate in content.candidates],
        media=_media_dicts(content.media),
        author=content.author,
        domains=list(content.domains),
        language=content.language,
        gold=None if content.gold is None else dict(content.gold),
        shown_digest=shown_digest,
        has_text=has_text,
    )


def content_of(row: ItemRow) -> Content:
    """Return the content of a database row; the inverse of `row_of`."""
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


def _response_row_of(candidate: Candidate) -> ResponseRow:
    media = _media_dicts(candidate.media)
    turns = [turn.as_message() for turn in candidate.turns]
    extra = dict(candidate.extra) or None
    return ResponseRow(candidate.text, candidate.model, media, candidate.author, turns, extra)


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


def _media_dicts(media: Sequence[Media]) -> list[dict[str, str]]:
    return [medium.as_dict() for medium in media]


def _media_of(stored: Sequence[Mapping[str, str]]) -> tuple[Media, ...]:
    return tuple(Media.from_dict(fields) for fields in stored)
