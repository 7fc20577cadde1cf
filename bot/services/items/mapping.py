"""Conversion of items between the kinds' `Content` and the database's `ItemRow`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.media import Media
from storage.queries.items import ItemRow, ResponseRow


def row_of(key: str, content: Content) -> ItemRow:
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
    )


def content_of(row: ItemRow) -> Content:
    """Return the content of a database row; the inverse of `row_of`."""
    return Content(
        prompt=tuple(ConversationTurn(turn["role"], turn["content"]) for turn in row.prompt),  # type: ignore[arg-type]  # roles were checked on import
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
    return ResponseRow(candidate.text, candidate.model, media, candidate.author)


def _candidate_of(row: ResponseRow) -> Candidate:
    return Candidate(row.text, row.model, _media_of(row.media), row.author)


def _media_dicts(media: Sequence[Media]) -> list[dict[str, str]]:
    return [medium.as_dict() for medium in media]


def _media_of(stored: Sequence[Mapping[str, str]]) -> tuple[Media, ...]:
    return tuple(Media.from_dict(fields) for fields in stored)
