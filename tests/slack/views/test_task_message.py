"""The expert's message: Slack takes it whatever is in it, and nothing in it is alive."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.kinds import KINDS
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.form import RankingField, options_of
from bot.kinds.rating import RatingSettings
from bot.services.tasks.next_task import MAX_COUNTED_TASKS, Receipt, TaskPage
from bot.slack.parsing.action_ids import parse_block_action
from bot.slack.views import task_message
from bot.slack.views.task_message import (
    MAX_PASSAGE_CHARS,
    NO_TASKS_TEXT,
    render_task,
    render_task_page,
)
from tests.slack.conftest import (
    FEWER_EXAMPLES,
    KIND_NAMES,
    TEXTS,
    example_task,
    example_value,
    message_problems,
    message_yaml,
    objects_in,
    task_of,
    tasks,
    visible_text,
)

EVERY_KIND = pytest.mark.parametrize("name", KIND_NAMES)


@EVERY_KIND
def test_a_task_looks_like_this(name: str, snapshot: SnapshotAssertion) -> None:
    assert message_yaml(render_task(example_task(name), 12)) == snapshot


@EVERY_KIND
def test_a_receipt_and_the_next_task_look_like_this(name: str, snapshot: SnapshotAssertion) -> None:
    kind = KINDS[name]
    words = f"Saved: {kind.summarize(example_value(name), kind.example.settings)}"
    receipt = Receipt(16, words, "Edit" if example_task(name).form.modal_fields else "")
    assert (
        message_yaml(render_task_page(TaskPage("D1", receipt, example_task(name), 2))) == snapshot
    )


def test_a_rating_in_progress_looks_like_this(snapshot: SnapshotAssertion) -> None:
    assert message_yaml(render_task(example_task("rating", value={"humor": 4}), 3)) == snapshot


def test_a_message_without_a_task_looks_like_this(snapshot: SnapshotAssertion) -> None:
    receipt = Receipt(16, "Skipped: not my field")
    assert message_yaml(render_task_page(TaskPage("D1", None, None, 0))) == snapshot(
        name="nothing waits"
    )
    assert message_yaml(render_task_page(TaskPage("D1", receipt, None, 0))) == snapshot(
        name="the last one"
    )
    kept = render_task_page(TaskPage("D1", receipt, None, 0, keeps_receipt_only=True))
    assert message_yaml(kept) == snapshot(name="the next comes below")


@FEWER_EXAMPLES
@given(data=st.data(), left=st.integers(1, MAX_COUNTED_TASKS), name=st.sampled_from(KIND_NAMES))
def test_slack_takes_every_task_and_nothing_in_it_is_alive(
    data: st.DataObject, left: int, name: str
) -> None:
    message = render_task(data.draw(tasks(name)), left)
    assert message_problems(message) == []
    assert "secret-model" not in repr(message)


@FEWER_EXAMPLES
@given(data=st.data(), words=TEXTS.filter(str.strip), name=st.sampled_from(KIND_NAMES))
def test_slack_takes_a_receipt_whatever_it_quotes(
    data: st.DataObject, words: str, name: str
) -> None:
    receipt = Receipt(16, words[:500], data.draw(st.sampled_from(["", "Edit", "Add reason"])))
    message = render_task_page(TaskPage("D1", receipt, data.draw(tasks(name)), 1))
    assert message_problems(message) == []


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
    content = Content((ConversationTurn("user", "p" * 200_000),), (Candidate("c" * 200_000),))
    value = {criterion["key"]: 7 for criterion in criteria}
    task = task_of(KINDS["rating"], content, chosen, (0,), value=value, id=2**31 - 1)
    message = render_task_page(TaskPage("D1", Receipt(2**31 - 1, "w" * 3_000, "Edit"), task, 100))
    assert message_problems(message) == []


@EVERY_KIND
def test_every_button_comes_back_as_a_deed_on_this_very_task(name: str) -> None:
    message = render_task_page(TaskPage("D1", Receipt(16, "Saved", "Edit"), example_task(name), 2))
    pressed = [
        parse_block_action(found)
        for found in objects_in(message.blocks)
        if found.get("type") == "button"
    ]
    assert {press.target_id for press in pressed} == {16, 17}
    deeds = {payload.name for payload in pressed if payload.target_id == 17}
    taps = example_task(name).form.message_fields
    opens = not taps or any(isinstance(tap, RankingField) for tap in taps)
    assert deeds == {*(["answer"] if taps else []), *(["write_answer"] if opens else [])}


@EVERY_KIND
def test_every_option_of_the_form_has_its_button(name: str) -> None:
    task = example_task(name)
    wanted = {
        (tap.key, option.value) for tap in task.form.message_fields for option in options_of(tap)
    }
    pressed = [
        parse_block_action(f) for f in objects_in(render_task(task, 1).blocks) if f.get("value")
    ]
    found = {(payload.field, payload.option) for payload in pressed if payload.name == "answer"}
    assert found == wanted


@EVERY_KIND
def test_what_was_answered_is_marked_and_nothing_else_is(name: str) -> None:
    value = example_value(name)
    blocks = render_task(example_task(name, value=value), 1).blocks
    marked = {
        (parse_block_action(found).field, parse_block_action(found).option)
        for found in objects_in(blocks)
        if found.get("style") == "primary" and parse_block_action(found).name == "answer"
    }
    wanted = {
        (tap.key, option.value)
        for tap in example_task(name).form.message_fields
        for option in options_of(tap)
        if isinstance(tap, RankingField) or option.value == str(value[tap.key])
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
    assert f"Tone of voice · {said}" in visible_text(
        render_task(example_task("rating"), left).blocks
    )


def cut_task(characters: int) -> Any:  # noqa: ANN401 - a TaskView
    """Return a joke of so many characters to rate."""
    content = Content(candidates=(Candidate("w" * characters),))
    return task_of(KINDS["rating"], content, RatingSettings(), (0,))


def test_what_has_no_room_is_counted_and_can_be_read_in_full() -> None:
    message = render_task(cut_task(MAX_PASSAGE_CHARS + 1_234), 1)
    assert "… 1,234 more characters do not fit here" in visible_text(message.blocks)
    assert "Read in full" in visible_text(message.blocks)
    assert message.shown == {
        "text": {"characters": MAX_PASSAGE_CHARS + 1_234, "shown": MAX_PASSAGE_CHARS}
    }


def test_what_fits_is_not_offered_to_be_read_again() -> None:
    message = render_task(cut_task(MAX_PASSAGE_CHARS), 1)
    assert "Read in full" not in visible_text(message.blocks)
    assert message.shown == {"text": {"characters": MAX_PASSAGE_CHARS, "shown": MAX_PASSAGE_CHARS}}


def test_a_thread_is_only_offered_where_something_long_is_written() -> None:
    hinted = [
        name
        for name in KIND_NAMES
        if "thread" in visible_text(render_task(example_task(name), 1).blocks)
    ]
    assert hinted == ["demonstration"]


def test_the_end_is_said_unless_the_next_task_comes_below() -> None:
    receipt = Receipt(16, "Saved: A is better")
    assert (
        render_task_page(TaskPage("D1", receipt, None, 0)).text
        == f"Saved: A is better. {NO_TASKS_TEXT}"
    )
    kept = render_task_page(TaskPage("D1", receipt, None, 0, keeps_receipt_only=True))
    assert kept.text == "Saved: A is better."
    assert NO_TASKS_TEXT not in visible_text(kept.blocks)


def test_a_screen_reader_hears_what_a_button_is_about() -> None:
    message = render_task_page(
        TaskPage("D1", Receipt(16, "Saved: Humor 4"), example_task("rating"), 1)
    )
    labels = [found.get("accessibility_label", "") for found in objects_in(message.blocks)]
    assert "Undo: Saved: Humor 4" in labels
    assert "Humor: 1 of 5, not funny" in labels


def test_the_room_of_a_message_is_shared_out() -> None:
    assert 3 * MAX_PASSAGE_CHARS <= task_message.MAX_TOTAL_PASSAGE_CHARS
