"""Items as kinds know them and as the database keeps them: both directions, side by side."""

from __future__ import annotations

from bot.kinds.content import Candidate, Content, Turn
from storage.queries.items import ItemRow


def row_of(key: str, content: Content) -> ItemRow:
    """Return an item as the database keeps it."""
    return ItemRow(
        key=key,
        prompt=content.prompt_messages(),
        draft=content.draft,
        meta=dict(content.meta),
        candidates=[(candidate.text, candidate.model) for candidate in content.candidates],
    )


def content_of(row: ItemRow) -> Content:
    """Return what `row_of` was given."""
    return Content(
        prompt=tuple(Turn(turn["role"], turn["content"]) for turn in row.prompt),  # type: ignore[arg-type]  # roles were checked on import
        candidates=tuple(Candidate(text, model) for text, model in row.candidates),
        draft=row.draft,
        meta=row.meta,
    )
