"""The expert's message: Slack accepts any content, and no text becomes a mention or link."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.kinds.comparison import ComparisonSettings
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.form import RankingField, options_of
from bot.kinds.ranking import MAX_CANDIDATES, RankingSettings
from bot.kinds.rating import RatingSettings
from bot.kinds.response_criteria import MAX_CRITERIA
from bot.services.answers.practice import PracticeFeedback
from bot.services.tasks.next_task import MAX_COUNTED_TASKS, Receipt, TaskPage, TaskView
from bot.slack.blockkit.message import Message
from bot.slack.parsing.action_ids import parse_block_action
from bot.slack.views import task_message, task_modals
from bot.slack.views.task_message import (
    MAX_PASSAGE_CHARS,
    NO_TASKS_TEXT,
    render_recent_answer,
    render_task,
    render_task_page,
)
from tests.slack.conftest import (
    FEWER_EXAMPLES,
    KIND_NAMES,
    SECRET_MODEL,
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
def test_task(name: str, snapshot: SnapshotAssertion) -> None:
    assert message_yaml(render_task(example_task(name), 12)) == snapshot


@EVERY_KIND
def test_receipt_and_next_task(name: str, snapshot: SnapshotAssertion) -> None:
    kind = KINDS[name]
    summary = f"Saved: {kind.summarize(example_value(name), kind.example.settings)}"
    receipt = Receipt(16, summary, "Edit…" if example_task(name).form.modal_fields else "")
    assert (
        message_yaml(render_task_page(TaskPage("D1", receipt, example_task(name), 2))) == snapshot
    )


def test_rating_in_progress(snapshot: SnapshotAssertion) -> None:
    assert message_yaml(render_task(example_task("rating", value={"humor": 4}), 3)) == snapshot


def test_comparison_with_criteria(snapshot: SnapshotAssertion) -> None:
    example = KINDS["comparison"].example
    settings = ComparisonSettings.model_validate({"criteria": ["Correctness", "Clear style"]})
    value = {"verdict": "a", "clear_style": "tie"}
    kind: Kind[Any] = KINDS["comparison"]
    task = task_of(kind, example.content, settings, example.order, value=value)
    message = render_task(task, 3)
    assert message_problems(message) == []
    assert message_yaml(message) == snapshot


def test_ranking_with_criteria(snapshot: SnapshotAssertion) -> None:
    example = KINDS["ranking"].example
    settings = RankingSettings.model_validate({"criteria": ["Correctness", "Clear style"]})
    kind: Kind[Any] = KINDS["ranking"]
    value = {"ranks": "b>a", "clear_style": "c"}
    message = render_task(task_of(kind, example.content, settings, example.order, value=value), 3)
    assert message_problems(message) == []
    assert message_yaml(message) == snapshot


def test_longest_ranking_with_most_criteria_fits_in_a_message() -> None:
    candidates = tuple(Candidate(f"Response {number}. " * 200) for number in range(MAX_CANDIDATES))
    content = Content(prompt=KINDS["ranking"].example.content.prompt, candidates=candidates)
    criteria = [f"{'Long name' * 4} {number}" for number in range(MAX_CRITERIA)]
    settings = RankingSettings.model_validate({"criteria": criteria, "confidence": True})
    kind: Kind[Any] = KINDS["ranking"]
    message = render_task(task_of(kind, content, settings, range(MAX_CANDIDATES)), 3)
    assert message_problems(message) == []


def test_page_without_task(snapshot: SnapshotAssertion) -> None:
    receipt = Receipt(16, "Skipped: not my field")
    assert message_yaml(render_task_page(TaskPage("D1", None, None, 0))) == snapshot(
        name="no tasks"
    )
    assert message_yaml(render_task_page(TaskPage("D1", receipt, None, 0))) == snapshot(
        name="receipt and no tasks"
    )
    receipt_only = render_task_page(TaskPage("D1", receipt, None, 0, keeps_receipt_only=True))
    assert message_yaml(receipt_only) == snapshot(name="receipt only")


@FEWER_EXAMPLES
@given(
    data=st.data(), remaining=st.integers(1, MAX_COUNTED_TASKS), name=st.sampled_from(KIND_NAMES)
)
def test_slack_accepts_any_task(data: st.DataObject, remaining: int, name: str) -> None:
    message = render_task(data.draw(tasks(name)), remaining)
    assert message_problems(message) == []
    assert SECRET_MODEL not in repr(message)


@FEWER_EXAMPLES
@given(data=st.data(), text=TEXTS.filter(str.strip), name=st.sampled_from(KIND_NAMES))
def test_slack_accepts_any_receipt(data: st.DataObject, text: str, name: str) -> None:
    receipt = Receipt(16, text[:500], data.draw(st.sampled_from(["", "Edit…", "Add reason…"])))
    message = render_task_page(TaskPage("D1", receipt, data.draw(tasks(name)), 1))
    assert message_problems(message) == []


def test_largest_form_fits_a_message() -> None:
    criteria: list[dict[str, Any]] = [
        {
            "key": f"{number}".rjust(40, "k"),
            "label": "L" * 60,
            "question": "Q" * 200,
            "anchors": ["A" * 60] * 7,
        }
        for number in range(8)
    ]
    settings = RatingSettings.model_validate({"criteria": criteria, "noun": "n" * 30})
    content = Content((ConversationTurn("user", "p" * 200_000),), (Candidate("c" * 200_000),))
    value = {criterion["key"]: 7 for criterion in criteria}
    task = task_of(KINDS["rating"], content, settings, (0,), value=value, id=2**31 - 1)
    message = render_task_page(TaskPage("D1", Receipt(2**31 - 1, "w" * 3_000, "Edit…"), task, 100))
    assert message_problems(message) == []


@EVERY_KIND
def test_buttons_target_the_task_or_the_receipt(name: str) -> None:
    message = render_task_page(TaskPage("D1", Receipt(16, "Saved", "Edit…"), example_task(name), 2))
    found = [
        parse_block_action(element)
        for element in objects_in(message.blocks)
        if element.get("type") == "button"
    ]
    assert {action.target_id for action in found} == {16, 17}
    fields = example_task(name).form.message_fields
    has_modal_button = not fields or any(isinstance(field, RankingField) for field in fields)
    assert {action.name for action in found if action.target_id == 17} == {
        *(["answer"] if fields else []),
        *(["write_answer"] if has_modal_button else []),
    }


@EVERY_KIND
def test_every_option_has_a_button(name: str) -> None:
    task = example_task(name)
    options = {
        (field.key, option.value)
        for field in task.form.message_fields
        for option in options_of(field)
    }
    blocks = render_task(task, 1).blocks
    found = [parse_block_action(element) for element in objects_in(blocks) if element.get("value")]
    buttons = {(action.field, action.option) for action in found if action.name == "answer"}
    assert buttons == options


@EVERY_KIND
def test_only_chosen_options_are_highlighted(name: str) -> None:
    value = example_value(name)
    blocks = render_task(example_task(name, value=value), 1).blocks
    found = [
        parse_block_action(element)
        for element in objects_in(blocks)
        if element.get("style") == "primary"
    ]
    highlighted = {(action.field, action.option) for action in found if action.name == "answer"}
    chosen = {
        (field.key, option.value)
        for field in example_task(name).form.message_fields
        for option in options_of(field)
        if isinstance(field, RankingField) or option.value == str(value[field.key])
    }
    assert highlighted == chosen


@pytest.mark.parametrize(
    ("remaining", "text"),
    [
        (0, "last task"),
        (1, "last task"),
        (2, "2 left in this campaign"),
        (99, "99 left in this campaign"),
        (100, "100 or more left in this campaign"),
    ],
)
def test_task_shows_how_many_are_left(remaining: int, text: str) -> None:
    message = render_task(example_task("rating"), remaining)
    assert f"Tone of voice · {text}" in visible_text(message.blocks)


def test_task_outside_the_queue_does_not_show_how_many_are_left() -> None:
    blocks = render_recent_answer(example_task("rating")).blocks
    assert "Tone of voice · T-17" in visible_text(blocks).splitlines()


def rating_task(characters: int) -> TaskView:
    """Return a rating task with a text of this length."""
    content = Content(candidates=(Candidate("w" * characters),))
    return task_of(KINDS["rating"], content, RatingSettings(), (0,))


def test_truncated_text_is_counted_and_has_full_text_button() -> None:
    message = render_task(rating_task(MAX_PASSAGE_CHARS + 1_234), 1)
    assert "… 1,234 more characters. Choose Show full text to see everything." in visible_text(
        message.blocks
    )
    assert "show_full_text" in str(message.blocks)
    assert message.shown == {
        "text": {"characters": MAX_PASSAGE_CHARS + 1_234, "shown": MAX_PASSAGE_CHARS}
    }


def test_text_that_fits_has_no_full_text_button() -> None:
    message = render_task(rating_task(MAX_PASSAGE_CHARS), 1)
    assert "Show full text" not in visible_text(message.blocks)
    assert message.shown == {"text": {"characters": MAX_PASSAGE_CHARS, "shown": MAX_PASSAGE_CHARS}}


def test_only_long_texts_have_a_thread_hint() -> None:
    names = [
        name
        for name in KIND_NAMES
        if "thread" in visible_text(render_task(example_task(name), 1).blocks)
    ]
    assert names == ["demonstration"]


def test_receipt_says_that_no_tasks_are_left_unless_a_new_message_follows() -> None:
    receipt = Receipt(16, "Saved: A is better")
    page = render_task_page(TaskPage("D1", receipt, None, 0))
    assert page.text == f"Saved: A is better. {NO_TASKS_TEXT}"
    receipt_only = render_task_page(TaskPage("D1", receipt, None, 0, keeps_receipt_only=True))
    assert receipt_only.text == "Saved: A is better."
    assert NO_TASKS_TEXT not in visible_text(receipt_only.blocks)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which response is better?", "Which response is better? Name a fruit."),
        ("Write the best response", "Write the best response: Name a fruit."),
    ],
)
def test_notification_has_one_mark_between_question_and_text(question: str, expected: str) -> None:
    task = example_task("comparison")
    passages = (replace(task.form.passages[0], text="Name a fruit."), *task.form.passages[1:])
    form = replace(task.form, question=question, passages=passages)
    assert render_task(replace(task, form=form), 1).text == expected


def test_buttons_have_accessibility_labels() -> None:
    message = render_task_page(
        TaskPage("D1", Receipt(16, "Saved: Humor 4"), example_task("rating"), 1)
    )
    labels = [part.get("accessibility_label", "") for part in objects_in(message.blocks)]
    assert "Undo: Humor 4" in labels
    assert "Humor: 1 of 5, not funny" in labels


def test_three_long_passages_fit_a_message() -> None:
    assert 3 * MAX_PASSAGE_CHARS <= task_message.MAX_TOTAL_PASSAGE_CHARS


FEEDBACK = PracticeFeedback(
    2, 5, is_right=False, right_answer="B is better <!here>", explanation="It answers *all* of it."
)


@pytest.mark.parametrize(
    "feedback",
    [
        FEEDBACK,
        replace(FEEDBACK, number=5, is_right=True, outcome="passed", correct=4),
        replace(FEEDBACK, number=5, outcome="retry", correct=3),
        replace(FEEDBACK, number=5, outcome="failed", correct=3, explanation=""),
    ],
    ids=lambda feedback: feedback.outcome or "question",
)
def test_receipt_of_a_practice_question(
    feedback: PracticeFeedback, snapshot: SnapshotAssertion
) -> None:
    receipt = Receipt(16, "Saved: A is better", feedback=feedback)
    task = replace(example_task("comparison"), practice=(3, 5))
    message = render_task_page(TaskPage("D1", receipt, task, 2))
    assert not message_problems(message)
    first, _divider, _header, progress, *_rest = message.blocks
    assert "Practice 3 of 5" in str(progress)
    assert message_yaml(Message(message.text, [first])) == snapshot


@pytest.mark.parametrize("name", ["comparison", "ranking", "rating"])
def test_task_without_a_prompt_has_no_heading_for_one(name: str) -> None:
    kind = KINDS[name]
    content = replace(kind.example.content, prompt=())
    kind.validate_content(content, kind.example.settings)
    task = task_of(kind, content, kind.example.settings, kind.example.order)
    for blocks in (render_task(task, 1).blocks, task_modals.full_text_modal(task, 0)["blocks"]):
        assert "Prompt" not in visible_text(blocks)
        assert "" not in visible_text(blocks).splitlines()


def test_points_that_are_only_numbers_are_shown_once() -> None:
    criteria = [{"key": "fit", "label": "Fit", "anchors": ["1", "2", "best"]}]
    settings = RatingSettings.model_validate({"criteria": criteria})
    kind = KINDS["rating"]
    task = task_of(kind, kind.example.content, settings, kind.example.order)
    blocks = render_task(task, 1).blocks
    assert {"1", "2", "3 best"} <= {*visible_text(blocks).splitlines()}
    labels = {part.get("accessibility_label", "") for part in objects_in(blocks)}
    assert {"Fit: 1 of 3", "Fit: 3 of 3, best"} <= labels
