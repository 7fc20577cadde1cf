"""Search of the items of a campaign, for coordinators: one page of items with their progress."""

from __future__ import annotations

from collections.abc import Sequence
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

MAX_SUGGESTED = 20
"""Items in a menu while somebody types."""

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


def suggest_items(session: Session, campaign: Campaign, typed: str) -> list[tuple[int, str, str]]:
    """Return database id, id and excerpt of the first items that match what is typed."""
    page = search_items(session, campaign, ItemFilter(any_part=typed), limit=MAX_SUGGESTED)
    return [(one.found.item_id, one.found.key, one.excerpt) for one in page.items]


def keys_of(session: Session, campaign: Campaign, item_ids: Sequence[int]) -> list[str]:
    """Return the ids in the file of items that were chosen; those of other campaigns are none."""
    keys = items.keys_in_campaign(session, id_of(campaign), item_ids)
    return [keys[one] for one in item_ids if one in keys]


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
