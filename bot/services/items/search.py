"""Search of the items of a campaign, for coordinators: one page of items with their progress."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlmodel import Session

from bot.kinds.content import Content
from bot.services.items import references
from bot.services.items.mapping import content_of
from storage.queries import item_search, items
from storage.queries.item_search import FoundItem, ItemFilter
from storage.row_id import id_of
from storage.tables import Campaign

MAX_EXCERPT_CHARACTERS = 120
"""Characters of an item's text in a list."""

DELETED_TEXT = "(deleted)"
EMPTY_TEXT = "(no text)"


@dataclass(frozen=True, slots=True)
class ItemSummary:
    """An item in a list: its progress and the beginning of its text as one line."""

    found: FoundItem
    excerpt: str


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One page of the items that a search found; `total` is how many there are."""

    items: tuple[ItemSummary, ...]
    total: int
    offset: int = 0


def search_items(
    session: Session, campaign: Campaign, wanted: ItemFilter, *, limit: int, offset: int = 0
) -> ItemPage:
    """Return up to `limit` items of a campaign after the first `offset`, in imported order.

    `wanted.any_part` may also be the reference of a task.
    """
    wanted = _complete(session, campaign, wanted)
    campaign_id = id_of(campaign)
    found = item_search.find_items(session, campaign_id, wanted, limit=limit, offset=offset)
    rows = items.items_by_id(session, [item.item_id for item in found])
    summaries = tuple(
        ItemSummary(item, _excerpt(item, content_of(rows[item.item_id]))) for item in found
    )
    return ItemPage(summaries, item_search.count_items(session, campaign_id, wanted), offset)


def _complete(session: Session, campaign: Campaign, wanted: ItemFilter) -> ItemFilter:
    """Return the filter with what the campaign adds: its domains, and the referenced item."""
    return replace(
        wanted,
        referenced_id=references.referenced_item(session, campaign, wanted.any_part),
        campaign_domains=tuple(campaign.domains),
    )


def _excerpt(item: FoundItem, content: Content) -> str:
    if item.deleted_at is not None:
        return DELETED_TEXT
    texts = [
        *(turn.content for turn in reversed(content.prompt)),
        content.draft or "",
        *(candidate.text for candidate in content.candidates),
    ]
    line = next((" ".join(text.split()) for text in texts if text.strip()), EMPTY_TEXT)
    if len(line) <= MAX_EXCERPT_CHARACTERS:
        return line
    return f"{line[: MAX_EXCERPT_CHARACTERS - 1].rstrip()}…"
