"""Items for coordinators: the search with its results, and the dialog that deletes items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

import orjson

from bot.services.items.references import short_key
from bot.services.items.search import ItemPage, ItemSummary
from bot.slack.blockkit.blocks import actions, button, context, divider, modal, plain_section
from bot.slack.blockkit.entries import StateValues, parse_inputs
from bot.slack.blockkit.inputs import select_input, text_input
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import pluralize
from bot.slack.blockkit.types import Block, Button, ModalView
from bot.slack.parsing.action_ids import Action, RowId
from storage.queries.item_search import FoundItem, ItemFilter, ItemState

PAGE_SIZE = 10
"""Items on one page of the results."""

MAX_CHANGED_AT_ONCE = 100
"""Items that one button puts on hold or deletes; their ids fit the dialog's metadata."""

MAX_LISTED_KEYS = 20
MAX_QUERY_CHARACTERS = 100

QUERY_KEY, STATE_KEY, DOMAIN_KEY = "query", "state", "domain"

STATE_LABELS = {
    ItemState.NEW: "No answers yet",
    ItemState.IN_PROGRESS: "In progress",
    ItemState.COMPLETE: "Complete",
    ItemState.ON_HOLD: "On hold",
    ItemState.GOLD: "Gold question",
    ItemState.DELETED: "Deleted",
}


@dataclass(frozen=True, slots=True)
class ItemsState:
    """What the dialog shows: a search with its page, one of its items, or items to delete."""

    campaign_id: RowId
    query: str = ""
    state: str = ""
    domain: str = ""
    page: int = 0
    item_id: RowId = 0
    delete_ids: list[RowId] = field(default_factory=list)

    def pack(self) -> str:
        """Serialize to the dialog's private metadata."""
        return orjson.dumps(asdict(self)).decode()

    @property
    def item_filter(self) -> ItemFilter:
        """Return the search as a filter."""
        state = ItemState(self.state) if self.state in set(ItemState) else None
        return ItemFilter(any_part=self.query, state=state, domain=self.domain)

    @property
    def has_filter(self) -> bool:
        """Return whether the search has a condition."""
        return bool(self.query or self.state or self.domain)

    def with_search(self, values: StateValues) -> ItemsState:
        """Return the first page of the search that was entered."""
        inputs = parse_inputs(values)
        return ItemsState(
            self.campaign_id,
            inputs.text(QUERY_KEY)[:MAX_QUERY_CHARACTERS],
            inputs.text(STATE_KEY),
            inputs.text(DOMAIN_KEY)[:MAX_QUERY_CHARACTERS],
        )


def items_modal(state: ItemsState, title: str, page: ItemPage, result: str = "") -> ModalView:
    """Return the search of a campaign's items, with one page of results.

    `result` says what the last action did.
    """
    blocks: list[Block] = [
        *([plain_rich_text(f"✓ {result}")] if result else []),
        *_search_inputs(state),
        divider(),
        context(f"{title} · {_format_count(page)}"),
        *(_item_section(item) for item in page.items),
        *_page_buttons(state, page),
        *_bulk_buttons(state, page),
    ]
    return modal("items", "Search items", blocks, submit="Search", metadata=state.pack())


def _search_inputs(state: ItemsState) -> list[Block]:
    options = [(one.value, label) for one, label in STATE_LABELS.items()]
    return [
        text_input(
            QUERY_KEY,
            "Text, item id or task reference",
            value=state.query,
            optional=True,
            max_length=MAX_QUERY_CHARACTERS,
        ),
        select_input(STATE_KEY, "State", options, chosen=state.state, optional=True),
        text_input(
            DOMAIN_KEY,
            "Domain",
            value=state.domain,
            optional=True,
            max_length=MAX_QUERY_CHARACTERS,
        ),
    ]


def _format_count(page: ItemPage) -> str:
    if not page.total:
        return "no items match"
    if page.total == len(page.items):
        return pluralize(page.total, "item")
    first, last = page.offset + 1, page.offset + len(page.items)
    return f"{first:,} to {last:,} of {pluralize(page.total, 'item')}"


def _item_section(item: ItemSummary) -> Block:
    found = item.found
    show = Action("show_item_details", found.item_id)
    show_button = button(
        "Show",
        f"{show.name}:{found.item_id}",
        show.value,
        accessibility_label=f"Show item {short_key(found.key)}",
    )
    return plain_section(f"{item_line(found)}\n{item.excerpt}", show_button)


def item_line(found: FoundItem) -> str:
    """Return an item's id, state and progress in one line."""
    label = STATE_LABELS[ItemState(found.state)]
    if found.state == ItemState.DELETED:
        progress = ""
    elif found.overlap is None:
        progress = f" · {pluralize(found.answers, 'answer')}"
    else:
        progress = f" · {found.answers:,} of {pluralize(found.overlap, 'answer')}"
    return f"{short_key(found.key)} · {label}{progress}"


def _page_buttons(state: ItemsState, page: ItemPage) -> list[Block]:
    last_page = max(page.total - 1, 0) // PAGE_SIZE
    targets = [("Back", state.page - 1), ("Next", state.page + 1)]
    buttons = [
        button(label, f"items_page:{label}", Action("items_page", 0, "", str(number)).value)
        for label, number in targets
        if 0 <= number <= last_page
    ]
    return [actions("items_pages", *buttons)] if buttons else []


def _bulk_buttons(state: ItemsState, page: ItemPage) -> list[Block]:
    """Return buttons for everything that was found, if a search narrowed it down."""
    if not state.has_filter or not page.total or state.state == ItemState.DELETED:
        return []
    if page.total > MAX_CHANGED_AT_ONCE:
        return [
            context(f"To change all at once, search for at most {MAX_CHANGED_AT_ONCE:,} items.")
        ]
    labels = {
        "hold_found_items": f"Put {page.total:,} on hold",
        "delete_found_items": f"Delete {page.total:,}…",
    }
    return [actions("items_found", *(_state_button(name, label) for name, label in labels.items()))]


def _state_button(name: str, label: str, target_id: int = 0) -> Button:
    action = Action(name, target_id)
    return button(label, action.action_id, action.value)


def delete_items_modal(state: ItemsState, keys: Sequence[str], answers: int) -> ModalView:
    """Return the dialog that says what deleting `keys` ends, and asks for confirmation."""
    count = pluralize(len(keys), "item")
    excluded = f" {pluralize(answers, 'answer')} will not count." if answers else ""
    text = (
        f"Delete {count}? The text is removed from the database, and experts no longer get it."
        f"{excluded} This cannot be undone."
    )
    listed = [short_key(key) for key in keys[:MAX_LISTED_KEYS]]
    hidden = len(keys) - len(listed)
    names = ", ".join(listed) + (f" and {hidden:,} more" if hidden else "")
    return modal(
        "delete_items",
        "Delete items",
        [
            plain_section(text),
            plain_section(names),
            context("Messages that Slack shows already keep their text."),
            actions("items_back", _state_button("items_page", "Back to list")),
        ],
        submit="Delete",
        metadata=state.pack(),
    )


def without_item(state: ItemsState) -> ItemsState:
    """Return the search that the dialog returns to."""
    return replace(state, item_id=0, delete_ids=[])
