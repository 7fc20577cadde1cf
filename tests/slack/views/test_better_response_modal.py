"""The modal for a better response: its starting points, and that no text is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from syrupy.assertion import SnapshotAssertion

from bot.kinds.comparison import COMPARISON, ComparisonSettings
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.form import BetterResponse
from bot.sandbox.blockkit import check_view
from bot.services.tasks.next_task import TaskView
from bot.slack.views import better_response_modal
from bot.slack.views.better_response_modal import TEXT_UNCHANGED_NOTE, BetterResponseState
from tests.slack.conftest import FEWER_EXAMPLES, LONG_TEXTS, task_of

LONG = "\n\n".join(f"{number} {'word ' * 500}" for number in range(4))
View = Mapping[str, Any]


def task(first: str = "Nine.", second: str = "Eight.", **value: object) -> TaskView:
    """Return a comparison that was answered with “Both are bad”."""
    candidates = (Candidate(first, "secret-model"), Candidate(second, "secret-model"))
    content = Content((ConversationTurn("user", "Name a prime number."),), candidates)
    answer = {"verdict": "both_bad", **value}
    return task_of(COMPARISON, content, ComparisonSettings(), (0, 1), value=answer)


def better_response_of(view: TaskView) -> BetterResponse:
    """Return the definition of the better response."""
    assert view.form.better_response is not None
    return view.form.better_response


def open_modal(pair: TaskView) -> View:
    """Return the modal as it opens."""
    view = better_response_modal.build_modal(
        pair, better_response_of(pair), BetterResponseState(17, "D1", "1.2", "https://x.example")
    )
    assert view is not None
    assert not check_view(view)
    assert "secret-model" not in str(view)
    return view


def state_of(view: View, *texts: str) -> dict[str, Any]:
    """Return the state of a modal with these texts in its boxes, or with the initial ones."""
    boxes = [block for block in view["blocks"] if block.get("element", {}).get("multiline")]
    entries = texts or [box["element"].get("initial_value", "") for box in boxes]
    plain = {
        box["block_id"]: {box["element"]["action_id"]: {"value": text}}
        for box, text in zip(boxes, entries, strict=True)
    }
    formatted = [block for block in view["blocks"] if "rich_text" in str(block.get("element"))]
    return plain | {
        block["block_id"]: {
            block["element"]["action_id"]: {
                "type": "rich_text_input",
                "rich_text_value": block["element"].get("initial_value"),
            }
        }
        for block in formatted
    }


def submit(view: View, *texts: str) -> dict[str, object]:
    """Return the form input of a modal that is submitted."""
    modal_state = BetterResponseState.from_metadata(view["private_metadata"])
    return better_response_modal.parse_form_input(
        better_response_of(task()), modal_state, state_of(view, *texts)
    )


def toggle_formatting(view: View) -> View:
    """Return the modal with formatting in its boxes, or without if they had it."""
    modal_state = BetterResponseState.from_metadata(view["private_metadata"])
    changed = better_response_modal.change_boxes(
        task(), better_response_of(task()), modal_state, state_of(view)
    )
    assert not check_view(changed)
    return changed


def change_start(pair: TaskView, view: View, start_key: str, *texts: str) -> View:
    """Return the modal after another start was chosen."""
    modal_state = BetterResponseState.from_metadata(view["private_metadata"])
    changed = better_response_modal.replace_start(
        pair, better_response_of(pair), modal_state, state_of(view, *texts), start_key
    )
    assert not check_view(changed)
    return changed


def test_modal_matches_snapshot(snapshot: SnapshotAssertion) -> None:
    assert open_modal(task()) == snapshot


def test_start_can_be_changed() -> None:
    pair = task()
    first = open_modal(pair)
    assert submit(first) == {"better_response": "Nine.", "started_from": "a"}
    second = change_start(pair, first, "b")
    assert submit(second) == {"better_response": "Eight.", "started_from": "b"}
    assert state_of(second).keys().isdisjoint(state_of(first))
    assert submit(change_start(pair, second, "blank"), "Seven.") == {
        "better_response": "Seven.",
        "started_from": "blank",
    }


def test_edited_text_keeps_its_start() -> None:
    pair = task()
    view = change_start(pair, open_modal(pair), "b", "Nine is no prime, seven is.")
    assert submit(view) == {"better_response": "Nine is no prime, seven is.", "started_from": "a"}
    assert TEXT_UNCHANGED_NOTE in str(view)
    assert TEXT_UNCHANGED_NOTE not in str(change_start(pair, view, "b", " "))


def test_modal_opens_with_the_saved_text() -> None:
    view = open_modal(task(better_response="Seven.", started_from="b"))
    assert submit(view) == {"better_response": "Seven.", "started_from": "b"}


def test_long_start_is_split_into_parts_and_can_grow() -> None:
    pair = task(first=LONG)
    view = open_modal(pair)
    assert submit(view)["better_response"] == LONG
    modal_state = BetterResponseState.from_metadata(view["private_metadata"])
    grown = better_response_modal.add_part(
        pair, better_response_of(pair), modal_state, state_of(view)
    )
    assert not check_view(grown)
    texts = [*(box["initial_value"] for box in text_boxes(view)), "And more."]
    assert submit(grown, *texts)["better_response"] == f"{LONG}\n\nAnd more."


@FEWER_EXAMPLES
@given(start=LONG_TEXTS.filter(str.strip), written=LONG_TEXTS.filter(str.strip))
def test_submitted_text_is_unchanged(start: str, written: str) -> None:
    view = open_modal(task(first=start))
    assert submit(view)["better_response"] == start
    saved = open_modal(task(first=start, better_response=written, started_from="a"))
    assert submit(saved)["better_response"] == written


@FEWER_EXAMPLES
@given(written=LONG_TEXTS.filter(str.strip))
def test_formatting_keeps_the_text(written: str) -> None:
    saved = open_modal(task(better_response=written, started_from="a"))
    formatted = toggle_formatting(saved)
    assert "rich_text_input" in str(formatted)
    assert not text_boxes(formatted)
    assert submit(formatted) == {"better_response": written, "started_from": "a"}
    assert submit(toggle_formatting(formatted))["better_response"] == written


def test_boxes_keep_their_formatting_for_another_start_and_another_part() -> None:
    pair = task("**Nine**.")
    view = toggle_formatting(open_modal(pair))
    assert "bold" in str(state_of(view))
    second = change_start(pair, view, "b")
    assert (submit(second), text_boxes(second)) == (
        {"better_response": "Eight.", "started_from": "b"},
        [],
    )
    modal_state = BetterResponseState.from_metadata(second["private_metadata"])
    grown = better_response_modal.add_part(
        pair, better_response_of(pair), modal_state, state_of(second)
    )
    assert len(state_of(grown)) == 1 + len(state_of(second))
    assert not text_boxes(grown)


def text_boxes(view: View) -> list[dict[str, Any]]:
    """Return the text inputs of a modal."""
    elements = [block.get("element", {}) for block in view["blocks"]]
    return [element for element in elements if element.get("multiline")]


def test_response_too_long_for_the_modal_is_no_start() -> None:
    pair = task(first="word " * 12_000)
    view = open_modal(pair)
    assert submit(view) == {"better_response": "Eight.", "started_from": "b"}
    assert "Response A" not in str([block for block in view["blocks"] if "element" in block])


def test_saved_text_too_long_for_the_modal_opens_none() -> None:
    pair = task(better_response="word " * 12_000, started_from="b")
    view = better_response_modal.build_modal(
        pair, better_response_of(pair), BetterResponseState(17)
    )
    assert view is None


@pytest.mark.parametrize("start_key", ["heron-7b", "", "prompt"])
def test_unknown_start_changes_nothing(start_key: str) -> None:
    pair = task()
    view = change_start(pair, open_modal(pair), start_key)
    assert submit(view) == {"better_response": "Nine.", "started_from": "a"}
