"""The search of items and its dialog for deletion: Slack accepts any content."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_view
from bot.services.items.search import ItemPage, ItemSummary
from bot.slack.blockkit.types import ModalView
from bot.slack.views.items import (
    MAX_CHANGED_AT_ONCE,
    MAX_QUERY_CHARACTERS,
    ItemsState,
    delete_items_modal,
    items_modal,
)
from storage.queries.item_search import FoundItem, ItemState
from tests.slack.conftest import FEWER_EXAMPLES, NON_EMPTY_TEXT, TEXTS, as_yaml, visible_text

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def item(
    number: int, state: ItemState = ItemState.NEW, key: str = "", text: str = ""
) -> ItemSummary:
    """Return a found item."""
    overlap = None if state == ItemState.GOLD else 3
    found = FoundItem(number, number, key or f"pair-{number}", state, 1, overlap, None, NOW, None)
    return ItemSummary(found, text or f"Question {number}?")


def views() -> list[ModalView]:
    """Return the results, the second page of a search, and the question before a deletion."""
    first = ItemPage(tuple(item(number, state) for number, state in enumerate(ItemState, 1)), 6)
    state = ItemsState(1, "question", ItemState.NEW, "law", page=1)
    second = ItemPage(tuple(item(number) for number in range(11, 21)), 24, 10)
    return [
        items_modal(ItemsState(1), "Tone of voice", first),
        items_modal(state, "Tone of voice", second, "Put 2 items on hold."),
        delete_items_modal(ItemsState(1, delete_ids=[1, 2]), ["pair-1", "pair-2"], 3),
    ]


def test_screens(snapshot: SnapshotAssertion) -> None:
    assert as_yaml(views()) == snapshot


def test_search_without_results_and_with_too_many() -> None:
    nothing = items_modal(ItemsState(1, "x"), "Tone", ItemPage((), 0))
    assert "no items match" in visible_text(nothing)
    many = items_modal(ItemsState(1, "x"), "Tone", ItemPage((item(1),), MAX_CHANGED_AT_ONCE + 1))
    assert "To change all at once, search for at most 100 items." in visible_text(many)
    assert "Delete 101…" not in visible_text(many)


@FEWER_EXAMPLES
@given(key=NON_EMPTY_TEXT, text=TEXTS, query=TEXTS.map(lambda text: text[:MAX_QUERY_CHARACTERS]))
def test_slack_accepts_any_content(key: str, text: str, query: str) -> None:
    shown = tuple(item(number, key=key, text=text[:120]) for number in range(1, 11))
    state = ItemsState(1, query, "", query)
    assert check_view(items_modal(state, text[:80], ItemPage(shown, 25))) == []


@FEWER_EXAMPLES
@given(keys=st.lists(NON_EMPTY_TEXT, min_size=1, max_size=100), query=TEXTS)
def test_slack_accepts_any_deletion(keys: list[str], query: str) -> None:
    ids = list(range(2**31 - len(keys), 2**31))
    state = ItemsState(2**31 - 1, query[:100], "", query[:100], 9, 7, ids)
    assert check_view(delete_items_modal(state, keys, 12)) == []
