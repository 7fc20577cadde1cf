"""Media of items: which types there are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Text, cast
from sqlmodel import Session, col, select

from storage.tables import CandidateRow, Item

CHUNK_SIZE = 1_000

NO_MEDIA = "[]"
"""An empty list, as both databases store it."""


def prompt_media_types(session: Session, campaign_id: int) -> set[str]:
    """Return the types of media that the prompts of a campaign have, such as `image`."""
    query = select(Item.media).where(
        Item.campaign_id == campaign_id, cast(col(Item.media), Text) != NO_MEDIA
    )
    return _types(session, query)


def response_media_types(session: Session, campaign_id: int) -> set[str]:
    """Return the types of media that the responses of a campaign have."""
    query = (
        select(CandidateRow.media)
        .join(Item, col(Item.id) == col(CandidateRow.item_id))
        .where(Item.campaign_id == campaign_id, cast(col(CandidateRow.media), Text) != NO_MEDIA)
    )
    return _types(session, query)


def _types(session: Session, query: Select[Any]) -> set[str]:
    options = {"yield_per": CHUNK_SIZE}
    with session.connection().execute(query, execution_options=options) as rows:
        return {entry["type"] for (media,) in rows for entry in media}
