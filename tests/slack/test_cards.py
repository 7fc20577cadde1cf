"""The expert's message: Slack takes it whatever is in it, and nothing in it is alive."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.kinds import KINDS
from bot.kinds.content import Candidate, Content, Turn
from bot.kinds.form import Ordered, options_of
from bot.kinds.rating import RatingSettings
from bot.services.serving import MOST_LEFT, Page, Receipt
from bot.slack import cards
from bot.slack.cards import DONE, PASSAGE_ROOM, draw, draw_task
from bot.slack.ids import press_from
from tests.slack.conftest import (
    NAMES,
    QUICK,
    TEXTS,
    as_sent,
    example,
    objects_in,
    refused,
    task_of,
    tasks,
    told,
    value_of,
)

EVERY_KIND = pytest.mark.parametrize("name", NAMES)


@EVERY_KIND
def test_a_task_looks_like_this(name: str, snapshot: SnapshotAssertion) -> None:
    assert as_sent(draw_task(example(name), 12)) == snapshot


@EVERY_KIND
def test_a_receipt_and_the_next_task_look_like_this(name: str, snapshot: SnapshotAssertion) -> None:
    kind = KINDS[name]
    words = f"Saved: {kind.receipt(value_of(name), kind.example.settings)}"
    receipt = Receipt(16, words, "Edit" if example(name).form.sheet else "")
    assert as_sent(draw(Page("D1", receipt, example(name), 2))) == snapshot


def test_a_rating_in_progress_looks_like_this(snapshot: SnapshotAssertion) -> None:
    assert as_sent(draw_task(example("rating", value={"humor": 4}), 3)) == snapshot


def test_a_message_without_a_task_looks_like_this(snapshot: SnapshotAssertion) -> None:
    receipt = Receipt(16, "Skipped: not my field")
    assert as_sent(draw(Page("D1", None, None, 0))) == snapshot(name="nothing waits")
    assert as_sent(draw(Page("D1", receipt, None, 0))) == snapshot(name="the last one")
    kept = draw(Page("D1", receipt, None, 0, keeps_receipt_only=True))
    assert as_sent(kept) == snapshot(name="the next comes below")


@QUICK
@given(data=st.data(), left=st.integers(1, MOST_LEFT), name=st.sampled_from(NAMES))
def test_slack_takes_every_task_and_nothing_in_it_is_alive(
    data: st.DataObject, left: int, name: str
) -> None:
    drawn = draw_task(data.draw(tasks(name)), left)
    assert refused(drawn) == []
    assert "secret-model" not in repr(drawn)


@QUICK
@given(data=st.data(), words=TEXTS.filter(str.strip), name=st.sampled_from(NAMES))
def test_slack_takes_a_receipt_whatever_it_quotes(
    data: st.DataObject, words: str, name: str
) -> None:
    receipt = Receipt(16, words[:500], data.draw(st.sampled_from(["", "Edit", "Add a reason"])))
    drawn = draw(Page("D1", receipt, data.draw(tasks(name)), 1))
    assert refused(drawn) == []


def test_the_largest_form_there_can_be_fits_a_message() -> None:
    criteria: list[dict[str, Any]] = [
        {
            "key": f"{number}".rjust(40, "k"),
            "label": "L" * 60,
            "question": "Q" * 200,
            "anchors": ["A" * 60] * 7,
        }
        for number in range(8)
    ]
    chosen = RatingSettings.model_validate({"criteria": criteria, "noun": "n" * 30})
    content = Content((Turn("user", "p" * 200_000),), (Candidate("c" * 200_000),))
    value = {criterion["key"]: 7 for criterion in criteria}
    task = task_of(KINDS["rating"], content, chosen, (0,), value=value, id=2**31 - 1)
    drawn = draw(Page("D1", Receipt(2**31 - 1, "w" * 3_000, "Edit"), task, 100))
    assert refused(drawn) == []


@EVERY_KIND
def test_every_button_comes_back_as_a_deed_on_this_very_task(name: str) -> None:
    drawn = draw(Page("D1", Receipt(16, "Saved", "Edit"), example(name), 2))
    pressed = [
        press_from(found) for found in objects_in(drawn.blocks) if found.get("type") == "button"
    ]
    assert {press.assignment for press in pressed} == {16, 17}
    deeds = {press.deed for press in pressed if press.assignment == 17}
    taps = example(name).form.taps
    opens = not taps or any(isinstance(tap, Ordered) for tap in taps)
    assert deeds == {*(["answer"] if taps else []), *(["write"] if opens else [])}


@EVERY_KIND
def test_every_option_of_the_form_has_its_button(name: str) -> None:
    task = example(name)
    wanted = {(tap.key, option.value) for tap in task.form.taps for option in options_of(tap)}
    pressed = [press_from(f) for f in objects_in(draw_task(task, 1).blocks) if f.get("value")]
    found = {(press.field, press.option) for press in pressed if press.deed == "answer"}
    assert found == wanted


@EVERY_KIND
def test_what_was_answered_is_marked_and_nothing_else_is(name: str) -> None:
    value = value_of(name)
    blocks = draw_task(example(name, value=value), 1).blocks
    marked = {
        (press_from(found).field, press_from(found).option)
        for found in objects_in(blocks)
        if found.get("style") == "primary" and press_from(found).deed == "answer"
    }
    wanted = {
        (tap.key, option.value)
        for tap in example(name).form.taps
        for option in options_of(tap)
        if isinstance(tap, Ordered) or option.value == str(value[tap.key])
    }
    assert marked == wanted


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (0, "the last one for now"),
        (1, "the last one for now"),
        (2, "1 more after this"),
        (99, "98 more after this"),
        (100, "many more after this"),
    ],
)
def test_the_expert_is_told_how_much_waits(left: int, said: str) -> None:
    assert f"Tone of voice · {said}" in told(draw_task(example("rating"), left).blocks)


def cut_task(characters: int) -> Any:  # noqa: ANN401 - a TaskView
    """Return a joke of so many characters to rate."""
    content = Content(candidates=(Candidate("w" * characters),))
    return task_of(KINDS["rating"], content, RatingSettings(), (0,))


def test_what_has_no_room_is_counted_and_can_be_read_in_full() -> None:
    drawn = draw_task(cut_task(PASSAGE_ROOM + 1_234), 1)
    assert "… 1,234 more characters do not fit here" in told(drawn.blocks)
    assert "Read in full" in told(drawn.blocks)
    assert drawn.shown == {"text": {"characters": PASSAGE_ROOM + 1_234, "shown": PASSAGE_ROOM}}


def test_what_fits_is_not_offered_to_be_read_again() -> None:
    drawn = draw_task(cut_task(PASSAGE_ROOM), 1)
    assert "Read in full" not in told(drawn.blocks)
    assert drawn.shown == {"text": {"characters": PASSAGE_ROOM, "shown": PASSAGE_ROOM}}


def test_a_thread_is_only_offered_where_something_long_is_written() -> None:
    hinted = [name for name in NAMES if "thread" in told(draw_task(example(name), 1).blocks)]
    assert hinted == ["demonstration"]


def test_the_end_is_said_unless_the_next_task_comes_below() -> None:
    receipt = Receipt(16, "Saved: A is better")
    assert draw(Page("D1", receipt, None, 0)).text == f"Saved: A is better. {DONE}"
    kept = draw(Page("D1", receipt, None, 0, keeps_receipt_only=True))
    assert kept.text == "Saved: A is better."
    assert DONE not in told(kept.blocks)


def test_a_screen_reader_hears_what_a_button_is_about() -> None:
    drawn = draw(Page("D1", Receipt(16, "Saved: Humor 4"), example("rating"), 1))
    labels = [found.get("accessibility_label", "") for found in objects_in(drawn.blocks)]
    assert "Undo: Saved: Humor 4" in labels
    assert "Humor: 1 of 5, not funny" in labels


def test_the_room_of_a_message_is_shared_out() -> None:
    assert 3 * PASSAGE_ROOM <= cards.ROOM
