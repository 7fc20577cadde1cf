"""The window for the better response: what it begins with, and what is never lost in it."""

from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.kinds.comparison import COMPARISON, ComparisonSettings
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.form import BetterResponse
from bot.sandbox.blockkit import check_view
from bot.services.tasks.next_task import TaskView
from bot.slack.views import better_response_modal
from bot.slack.views.better_response_modal import TEXT_UNCHANGED_NOTE, BetterResponseState
from tests.slack.conftest import task_of

LONG = "\n\n".join(f"{number} {'word ' * 500}" for number in range(4))
View = dict[str, Any]


def task(first: str = "Nine.", second: str = "Eight.", **value: object) -> TaskView:
    """Return a pair, both found bad."""
    candidates = (Candidate(first, "secret-model"), Candidate(second, "secret-model"))
    content = Content((ConversationTurn("user", "Name a prime number."),), candidates)
    answer = {"verdict": "both_bad", **value}
    return task_of(COMPARISON, content, ComparisonSettings(), (0, 1), value=answer)


def better_of(its: TaskView) -> BetterResponse:
    """Return what may be written about it."""
    assert its.form.better_response is not None
    return its.form.better_response


def opened(its: TaskView) -> View:
    """Return the window as it opens."""
    view = better_response_modal.build_modal(
        its, better_of(its), BetterResponseState(17, "D1", "1.2", "https://x.example")
    )
    assert view is not None
    assert not check_view(view)
    assert "secret-model" not in str(view)
    return view


def state(view: View, *typed: str) -> dict[str, Any]:
    """Return the state of a window with what stands in its boxes, or with what was typed."""
    boxes = [b for b in view["blocks"] if b.get("element", {}).get("multiline")]
    texts = typed or [box["element"].get("initial_value", "") for box in boxes]
    return {
        box["block_id"]: {box["element"]["action_id"]: {"value": text}}
        for box, text in zip(boxes, texts, strict=True)
    }


def given(view: View, *typed: str) -> dict[str, object]:
    """Return what a window says when it is sent."""
    sheet = BetterResponseState.from_metadata(view["private_metadata"])
    return better_response_modal.parse_form_input(better_of(task()), sheet, state(view, *typed))


def anew(its: TaskView, view: View, began: str, *typed: str) -> View:
    """Return the window after another beginning was chosen."""
    sheet = BetterResponseState.from_metadata(view["private_metadata"])
    found = better_response_modal.replace_start(
        its, better_of(its), sheet, state(view, *typed), began
    )
    assert not check_view(found)
    return found


def test_the_window_looks_like_this(snapshot: SnapshotAssertion) -> None:
    assert opened(task()) == snapshot


def test_it_begins_with_the_first_and_can_begin_with_another() -> None:
    its = task()
    first = opened(its)
    assert given(first) == {"better_response": "Nine.", "started_from": "a"}
    second = anew(its, first, "b")
    assert given(second) == {"better_response": "Eight.", "started_from": "b"}
    assert state(second).keys().isdisjoint(state(first))
    assert given(anew(its, second, "blank"), "Seven.") == {
        "better_response": "Seven.",
        "started_from": "blank",
    }


def test_what_was_changed_stays_and_keeps_its_beginning() -> None:
    its = task()
    view = anew(its, opened(its), "b", "Nine is no prime, seven is.")
    assert given(view) == {"better_response": "Nine is no prime, seven is.", "started_from": "a"}
    assert TEXT_UNCHANGED_NOTE in str(view)
    assert TEXT_UNCHANGED_NOTE not in str(anew(its, view, "b", " "))


def test_what_was_written_before_is_there_to_edit() -> None:
    view = opened(task(better_response="Seven.", started_from="b"))
    assert given(view) == {"better_response": "Seven.", "started_from": "b"}


def test_a_long_beginning_comes_whole_in_parts_and_can_grow() -> None:
    its = task(first=LONG)
    view = opened(its)
    assert given(view)["better_response"] == LONG
    sheet = BetterResponseState.from_metadata(view["private_metadata"])
    grown = better_response_modal.add_part(its, better_of(its), sheet, state(view))
    assert not check_view(grown)
    boxes = [*(box["initial_value"] for box in elements(view)), "And more."]
    assert given(grown, *boxes)["better_response"] == f"{LONG}\n\nAnd more."


def elements(view: View) -> list[dict[str, Any]]:
    """Return the boxes to write in."""
    found = [block.get("element", {}) for block in view["blocks"]]
    return [element for element in found if element.get("multiline")]


def test_what_no_window_holds_is_no_beginning() -> None:
    its = task(first="word " * 12_000)
    assert given(opened(its)) == {"better_response": "Eight.", "started_from": "b"}
    assert "Response A" not in str([b for b in opened(its)["blocks"] if "element" in b])
    too_long = task(better_response="word " * 12_000, started_from="b")
    assert (
        better_response_modal.build_modal(too_long, better_of(too_long), BetterResponseState(17))
        is None
    )


@pytest.mark.parametrize("began", ["heron-7b", "", "prompt"])
def test_a_beginning_that_is_not_offered_changes_nothing(began: str) -> None:
    its = task()
    assert given(anew(its, opened(its), began)) == {"better_response": "Nine.", "started_from": "a"}
