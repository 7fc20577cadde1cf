"""The types of media that the items of a campaign have, for the columns of exports."""

from __future__ import annotations

from sqlmodel import Session

from bot.exports.media_columns import COLUMNS, MediaTypes
from storage.queries import item_media


def media_types_of(session: Session, campaign_id: int) -> MediaTypes:
    """Return the types of media of a campaign's prompts and responses."""
    prompts = item_media.prompt_media_types(session, campaign_id)
    responses = item_media.response_media_types(session, campaign_id)
    return MediaTypes(
        frozenset(name for name in COLUMNS if name in prompts),
        frozenset(name for name in COLUMNS if name in responses),
    )
