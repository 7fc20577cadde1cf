"""One item for coordinators: any content, no model, and no answers for those who label."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.kinds.form import Passage
from bot.sandbox.blockkit import check_view
from bot.services.items.details import HistoryEntry, ItemAnswer, ItemDetails
from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.types import ModalView
from bot.slack.views.item_details import BLIND_TEXT, item_details_modal
from bot.slack.views.items import ItemsState
from storage.queries.item_search import FoundItem, ItemState
from tests.slack.conftest import (
    FEWER_EXAMPLES,
    KIND_NAMES,
    SECRET_MODEL,
    TEXTS,
    as_yaml,
    example_task,
    tasks,
    visible_text,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STATE = ItemsState(1, "penguin", item_id=7)
FOUND = FoundItem(7, 7, "pair-7", ItemState.IN_PROGRESS, 1, 3, None, NOW, None)
ANSWERS = (
    ItemAnswer("U1", "Ada", "T-12", "A is better", "answered"),
    ItemAnswer("U1", "Ada", "T-19", "B is better", "answered", "repeat"),
    ItemAnswer("U2", "Bo", "T-13", "skipped: unclear", "skipped"),
)
HISTORY = (
    HistoryEntry(NOW, "U9", "imported from pairs.csv"),
    HistoryEntry(NOW, "cora", "put an item on hold: Check it", is_person=False),
)


def details_of(task: TaskView, found: FoundItem = FOUND) -> ItemDetails:
    """Return the details of an item with the content of a task."""
    return ItemDetails(
        found,
        1,
        "tone",
        "Tone of voice",
        task.form,
        ("law",),
        "en",
        answers=ANSWERS,
        history=HISTORY,
        models=(SECRET_MODEL,),
    )


def views() -> list[ModalView]:
    """Return an item, one on hold, and one with two pages of text."""
    details = details_of(example_task("comparison"))
    on_hold = FOUND._replace(state=ItemState.ON_HOLD, on_hold_reason="Check it")
    long_form = replace(details.form, passages=(Passage("text", "Text", "word " * 5_000),))
    return [
        item_details_modal(STATE, details),
        item_details_modal(STATE, replace(details, found=on_hold)),
        item_details_modal(STATE, replace(details, form=long_form)),
    ]


def test_item(snapshot: SnapshotAssertion) -> None:
    assert as_yaml(views()[0]) == snapshot


def test_item_on_hold_and_deleted_item() -> None:
    held = visible_text(views()[1])
    assert "On hold: Check it" in held
    assert "Return to queue" in held
    details = details_of(example_task("comparison"))
    deleted = replace(details, found=FOUND._replace(state=ItemState.DELETED))
    assert "Put on hold" not in visible_text(item_details_modal(STATE, deleted))


def test_people_who_label_see_no_answers() -> None:
    details = replace(details_of(example_task("comparison")), answers=(), is_blind=True)
    assert BLIND_TEXT in visible_text(item_details_modal(STATE, details))


@FEWER_EXAMPLES
@pytest.mark.parametrize("name", KIND_NAMES)
@given(data=st.data(), text=TEXTS, page=st.integers(0, 3))
def test_slack_accepts_any_item(name: str, data: st.DataObject, text: str, page: int) -> None:
    details = details_of(data.draw(tasks(name)))
    answer = ItemAnswer("U1", text, "T-1", text, "answered", "practice")
    entry = HistoryEntry(NOW, text, text, is_person=False)
    details = replace(details, answers=(answer,) * 30, history=(entry,) * 30, gold=text)
    view = item_details_modal(STATE, details, page)
    assert check_view(view) == []
    assert SECRET_MODEL not in str(view)
