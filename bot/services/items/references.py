"""References of tasks, and items found by their id or by the reference of a task.

Experts see the reference of their own assignment, never the id of the item. So an item that they
get again, as a gold question or as a repeat, has another reference and cannot be recognized.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from sqlmodel import Session

from bot.errors import BotError
from storage.queries import item_history, item_search, items
from storage.queries.item_search import ItemFilter
from storage.row_id import id_of
from storage.tables import Campaign

PREFIX = "T-"

MAX_ID = 2**31 - 1
"""Largest id that both databases store."""

MAX_SUGGESTIONS = 3

_REFERENCE = re.compile(r"T-?([0-9]{1,10})", re.IGNORECASE)


MAX_KEY_CHARACTERS = 80
"""Characters of an item's id that people read."""

SHORT_KEY_CHARACTERS = 8
"""Characters of the id that an item without one in its file gets, which people read."""

_CONTENT_KEY = re.compile(r"[0-9a-f]{32}")
"""The id of an item without one in its file: the digest of its content."""


class UnknownItemError(BotError):
    """“{campaign}” has no item “{text}”. {hint}."""


def reference_of(assignment_id: int) -> str:
    """Return the reference of a task as its expert sees it, such as T-1204."""
    return f"{PREFIX}{assignment_id}"


def parse_reference(text: str) -> int | None:
    """Return the assignment that a reference names; None if the text is no reference."""
    match = _REFERENCE.fullmatch(text.strip())
    number = int(match[1]) if match else 0
    return number if 0 < number <= MAX_ID else None


def short_key(key: str) -> str:
    """Return the id of an item as people read it; `find_item` finds the item by it."""
    is_long = _CONTENT_KEY.fullmatch(key)
    return key[: SHORT_KEY_CHARACTERS if is_long else MAX_KEY_CHARACTERS]


def find_item(session: Session, campaign: Campaign, text: str) -> int:
    """Return the id in the database of the item with this id, or of the task with this reference.

    An item whose id looks like a reference is found by its id. The beginning of an id is enough if
    no other id begins with it and the file had no id for the item.

    Raises:
        UnknownItemError: the campaign has no such item; the message says how to search.
    """
    text, campaign_id = text.strip(), id_of(campaign)
    item_id = items.item_id_by_key(session, campaign_id, text)
    if item_id is None:
        item_id = referenced_item(session, campaign, text)
    if item_id is None and len(text) == SHORT_KEY_CHARACTERS:
        item_id = _item_with_short_key(session, campaign_id, text)
    if item_id is None:
        raise UnknownItemError(
            campaign=campaign.name, text=text, hint=_hint(session, campaign, text)
        )
    return item_id


def _item_with_short_key(session: Session, campaign_id: int, text: str) -> int | None:
    found = item_search.find_items(session, campaign_id, ItemFilter(key=text), limit=1_000)
    matching = [item.item_id for item in found if short_key(item.key) == text.lower()]
    return matching[0] if len(matching) == 1 else None


def referenced_item(session: Session, campaign: Campaign, text: str) -> int | None:
    """Return the item of the task with this reference, None if the campaign has no such task."""
    assignment_id = parse_reference(text)
    if assignment_id is None:
        return None
    return item_history.item_of_assignment(session, id_of(campaign), assignment_id)


def _hint(session: Session, campaign: Campaign, text: str) -> str:
    """Return the ids that are like the text, and how to search."""
    search = f"Search with `/label items {campaign.name}` or `labelbot items list {campaign.name}`"
    if not text:
        return search
    found = item_search.find_items(session, id_of(campaign), ItemFilter(key=text[:3]), limit=1_000)
    similar = get_close_matches(text, [item.key for item in found], n=MAX_SUGGESTIONS)
    if not similar:
        return search
    return f"Did you mean {' or '.join(f'“{short_key(key)}”' for key in similar)}? {search}"
