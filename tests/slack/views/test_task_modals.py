"""Modals of a task: no entered text is lost, and Slack accepts every modal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.kinds import KINDS
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.demonstration import MAX_RESPONSE_CHARS, DemonstrationSettings
from bot.kinds.form import TextField
from bot.kinds.rating import RatingSettings
from bot.services.tasks.next_task import Receipt, TaskPage, TaskView
from bot.slack.blockkit.passage_pages import PAGE_CHARACTERS
from bot.slack.blockkit.types import ModalView
from bot.slack.forms.modal_fields import (
    MAX_INPUT_CHARACTERS,
    MAX_PARTS,
    ModalContents,
    join_parts,
    parse_modal_input,
)
from bot.slack.parsing.action_ids import MAX_ID, parse_block_action
from bot.slack.views import task_modals
from bot.slack.views.task_modals import ModalMetadata
from tests.slack.conftest import (
    FEWER_EXAMPLES,
    KIND_NAMES,
    LONG_TEXTS,
    TEXTS,
    as_yaml,
    entered_state,
    example_task,
    example_value,
    objects_in,
    task_of,
    tasks,
    view_problems,
    visible_text,
)

METADATA = ModalMetadata(17, "D1", "1.2", "https://hooks.slack.example/actions/T1/1/x")


@FEWER_EXAMPLES
@given(
    channel=st.none() | st.text(max_size=20),
    joins=st.lists(st.sampled_from(["", "\n", "\n" * 20]), max_size=MAX_PARTS - 1).map(tuple),
)
def test_metadata_round_trip_fits_slack(channel: str | None, joins: tuple[str, ...]) -> None:
    url = "https://x.y/" + "z" * 200
    metadata = ModalMetadata(
        MAX_ID, channel, "1548261231.000200", url, {"response": joins}, "f" * 40
    )
    assert ModalMetadata.from_json(metadata.to_json()) == metadata
    assert len(metadata.to_json()) <= 3_000


@FEWER_EXAMPLES
@given(data=st.data(), name=st.sampled_from(KIND_NAMES), page=st.integers(0, 40))
def test_slack_accepts_every_modal(data: st.DataObject, name: str, page: int) -> None:
    task = data.draw(tasks(name))
    assert view_problems(task_modals.full_text_modal(task, page)) == []
    if task_modals.fields_in_modal(task):
        assert view_problems(task_modals.answer_modal(task, METADATA)) == []
        parts = data.draw(
            st.lists(st.text(max_size=MAX_INPUT_CHARACTERS), min_size=1, max_size=MAX_PARTS)
        )
        contents = contents_with_parts(task, parts)
        assert view_problems(task_modals.answer_modal(task, METADATA, contents)) == []


@FEWER_EXAMPLES
@given(text=TEXTS.filter(str.strip), title=st.sampled_from(["Tone", "<!here>", "x" * 500]))
def test_slack_accepts_any_guidelines(text: str, title: str) -> None:
    task = example_task("rating", guidelines=text, campaign_title=title)
    assert view_problems(task_modals.guidelines_modal(task)) == []


def contents_with_parts(task: TaskView, parts: list[str]) -> ModalContents:
    """Return modal contents with these parts in the long text field, else in the first one."""
    texts = [field for field in task.form.modal_fields if isinstance(field, TextField)]
    first = sorted(texts, key=lambda text: not text.long)[:1]
    return ModalContents({text.key: parts for text in first}, {}, {})


def writing_task(response: str, prompt: str = "Explain tides.") -> TaskView:
    """Return a demonstration task with this response."""
    content = Content((ConversationTurn("user", prompt),))
    value = {"response": response} if response else {}
    return task_of(KINDS["demonstration"], content, DemonstrationSettings(), (), value=value)


def initial_texts(view: Mapping[str, Any]) -> list[str]:
    """Return the initial text of each box."""
    boxes = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    return [box.get("initial_value", "") for box in boxes]


@pytest.mark.parametrize("parts", range(1, MAX_PARTS + 1))
def test_response_in_parts_is_joined_unchanged(parts: int) -> None:
    response = "\n\n".join(["w" * (MAX_INPUT_CHARACTERS - 2)] * parts)
    task = writing_task(response)
    assert task_modals.fields_in_modal(task)
    view = task_modals.answer_modal(task, METADATA)
    boxes = initial_texts(view)
    assert len(boxes) == parts
    joins = ModalMetadata.from_json(view["private_metadata"]).joins
    assert join_parts(boxes, joins.get("response", ())) == response
    assert view_problems(view) == []


@pytest.mark.parametrize("name", ["demonstration", "validation", "curation"])
@FEWER_EXAMPLES
@given(text=LONG_TEXTS.filter(str.strip), is_extended=st.booleans())
def test_submitted_text_is_unchanged(name: str, text: str, *, is_extended: bool) -> None:
    (key,) = (
        field.key
        for field in example_task(name).form.modal_fields
        if isinstance(field, TextField) and field.long
    )
    task = example_task(name, value={**example_value(name), key: text})
    view = task_modals.answer_modal(task, METADATA)
    metadata = ModalMetadata.from_json(view["private_metadata"])
    if is_extended:
        state = entered_state(view["blocks"])
        view = task_modals.answer_modal_with_added_part(task, metadata, state, key)
        metadata = ModalMetadata.from_json(view["private_metadata"])
    parsed = parse_modal_input(
        task.form.modal_fields, entered_state(view["blocks"]), metadata.joins
    )
    assert parsed[key] == text


def test_slack_accepts_largest_modal() -> None:
    task = writing_task("🙂" * MAX_INPUT_CHARACTERS * MAX_PARTS, "🙂" * 200_000)
    view = task_modals.answer_modal(task, METADATA)
    assert len(initial_texts(view)) == MAX_PARTS
    assert view_problems(view) == []


@pytest.mark.parametrize("character", ["🙂", "**a** ", "- a\n", "`"])
def test_slack_accepts_the_largest_modal_with_formatting(character: str) -> None:
    text = (character * MAX_INPUT_CHARACTERS)[:MAX_INPUT_CHARACTERS] * MAX_PARTS
    task = writing_task(text, "🙂" * 200_000)
    plain = task_modals.answer_modal(task, METADATA)
    metadata = ModalMetadata.from_json(plain["private_metadata"])
    state = entered_state(plain["blocks"])
    formatted = task_modals.answer_modal_with_other_boxes(task, metadata, state)
    assert view_problems(formatted) == []
    metadata = ModalMetadata.from_json(formatted["private_metadata"])
    state = entered_state(formatted["blocks"])
    again = task_modals.answer_modal_with_other_boxes(task, metadata, state)
    assert entered_state(again["blocks"]) == entered_state(plain["blocks"])


def test_response_too_long_for_modal_has_no_fields() -> None:
    assert task_modals.fields_in_modal(writing_task("w" * MAX_INPUT_CHARACTERS * MAX_PARTS))
    assert not task_modals.fields_in_modal(
        writing_task("w" * (MAX_INPUT_CHARACTERS * MAX_PARTS + 1))
    )
    assert not task_modals.fields_in_modal(writing_task("w" * MAX_RESPONSE_CHARS))
    assert view_problems(task_modals.too_long_modal()) == []


def test_parts_can_be_added_up_to_maximum() -> None:
    task = writing_task("")

    def can_add_part(count: int) -> bool:
        view = task_modals.answer_modal(task, METADATA, contents_with_parts(task, ["x"] * count))
        return any(part.get("action_id") == "add_text_box:response" for part in objects_in(view))

    assert can_add_part(1)
    assert can_add_part(MAX_PARTS - 1)
    assert not can_add_part(MAX_PARTS)


def test_adding_a_part_keeps_separators_of_the_others() -> None:
    first = task_modals.answer_modal(
        writing_task("w" * (MAX_INPUT_CHARACTERS - 1) + "\n" + "v"), METADATA
    )
    metadata = ModalMetadata.from_json(first["private_metadata"])
    state = {
        f"response:{number}": {"response": {"value": part}}
        for number, part in enumerate(initial_texts(first))
    }
    extended = task_modals.answer_modal_with_added_part(
        writing_task(""), metadata, state, "response"
    )
    assert ModalMetadata.from_json(extended["private_metadata"]) == metadata
    assert metadata.joins == {"response": ("\n",)}
    assert initial_texts(extended) == ["w" * (MAX_INPUT_CHARACTERS - 1), "v", ""]


def test_reason_is_prefilled_and_has_one_box() -> None:
    task = example_task("comparison", value=example_value("comparison"))
    view = task_modals.answer_modal(task, METADATA)
    assert initial_texts(view) == ["Nine is three times three."]
    assert "Add another part" not in visible_text(view)
    assert view["title"]["text"] == "Reason"


def test_draft_is_prefilled() -> None:
    view = task_modals.answer_modal(example_task("demonstration"), METADATA)
    assert initial_texts(view) == ["Tides are water."]


def long_task(*lengths: int) -> TaskView:
    """Return a rating task whose prompt and text have these lengths."""
    prompt, text = ("w " * (length // 2) for length in lengths)
    content = Content((ConversationTurn("user", prompt),), (Candidate(text),))
    return task_of(KINDS["rating"], content, RatingSettings(), (0,))


def pages_of(task: TaskView) -> list[ModalView]:
    """Return every page of the full text, by following Next from the first page."""
    pages = [task_modals.full_text_modal(task, 0)]
    while next_buttons := [
        part for part in objects_in(pages[-1]) if part.get("action_id") == "show_full_text_page:N"
    ]:
        number = int(parse_block_action(next_buttons[0]).option)
        pages.append(task_modals.full_text_modal(task, number))
    return pages


@pytest.mark.parametrize(
    "lengths",
    [
        (2, 2),
        (PAGE_CHARACTERS, 2),
        (2, PAGE_CHARACTERS),
        (PAGE_CHARACTERS, PAGE_CHARACTERS),
        (50_000, 200_000),
    ],
)
def test_every_character_is_on_exactly_one_page(lengths: tuple[int, int]) -> None:
    task = long_task(*lengths)
    pages = pages_of(task)
    titles = {passage.title for passage in task.form.passages}
    texts = [
        part["text"]
        for page in pages
        for block in page["blocks"]
        if block["type"] == "rich_text"
        for part in objects_in(block)
        if part.get("type") == "text" and part["text"] not in titles
    ]
    assert "".join(texts).count("w") == sum(length // 2 for length in lengths)
    assert all(view_problems(page) == [] for page in pages)


def navigation_labels(page: ModalView) -> list[str]:
    """Return the labels of the buttons that turn the pages of the full text."""
    return [label for label in button_labels(page) if label in ("Back", "Next")]


def button_labels(page: ModalView) -> list[str]:
    """Return the labels of all buttons."""
    return [part["text"]["text"] for part in objects_in(page) if part.get("type") == "button"]


def test_last_page_of_the_full_text_has_the_buttons_of_the_task() -> None:
    *others, last = pages_of(long_task(2, 3 * PAGE_CHARACTERS))
    assert [set(button_labels(page)) - {"Back", "Next"} for page in others] == [set()] * 3
    assert "1 does not fit" in button_labels(last)


@pytest.mark.parametrize("task_id", [16, 17])
def test_partly_answered_task_stays_on_its_last_page(task_id: int) -> None:
    task = replace(long_task(2, 3 * PAGE_CHARACTERS), id=17)
    view = task_modals.next_full_text_modal(TaskPage("D1", None, task, 1), task_id)
    number = 3 if task_id == task.id else 0
    assert view == task_modals.full_text_modal(task, number)


def test_dialog_says_when_no_task_is_left() -> None:
    receipt = Receipt(16, "Saved: A is better")
    view = task_modals.next_full_text_modal(TaskPage("D1", receipt, None, 0), 16)
    (block,) = view["blocks"]
    assert objects_in(block)
    assert "Saved: A is better. Close this dialog to see the message." in str(block)


def test_navigation_stops_at_first_and_last_page() -> None:
    pages = pages_of(long_task(2, 3 * PAGE_CHARACTERS))
    assert [navigation_labels(page) for page in pages] == [
        ["Next"],
        ["Back", "Next"],
        ["Back", "Next"],
        ["Back"],
    ]


def test_page_number_beyond_last_shows_last_page() -> None:
    task = long_task(2, 3 * PAGE_CHARACTERS)
    assert task_modals.full_text_modal(task, 99) == task_modals.full_text_modal(task, 3)
    assert view_problems(task_modals.full_text_modal(task, 99)) == []


def test_single_page_has_no_navigation() -> None:
    (page,) = pages_of(long_task(2, 200))
    assert navigation_labels(page) == []


def test_notice_shows_commands_as_code_and_loses_no_single_backtick() -> None:
    notice = task_modals.notice_modal("Not saved", "Use `/label next`: ` is kept.")
    texts = [element for element in objects_in(notice) if element.get("type") == "text"]
    parts = [(element["text"], element.get("style")) for element in texts]
    assert parts == [("Use ", None), ("/label next", {"code": True}), (": ` is kept.", None)]


@pytest.mark.parametrize("text", ["Short.", "x" * 3_000, "<!channel> `code`", "`", ""])
def test_slack_accepts_any_notice(text: str) -> None:
    assert view_problems(task_modals.notice_modal("Not saved", text)) == []


def test_private_metadata_has_only_known_keys() -> None:
    view = task_modals.answer_modal(example_task("demonstration"), METADATA)
    assert set(orjson.loads(view["private_metadata"])) == {
        "target_id",
        "channel",
        "message_ts",
        "response_url",
        "field",
        "joins",
    }


def test_modals(snapshot: SnapshotAssertion) -> None:
    response = task_modals.answer_modal(example_task("demonstration"), METADATA)
    assert as_yaml(response) == snapshot(name="response")
    reason = task_modals.answer_modal(
        example_task("comparison", value=example_value("comparison")), METADATA
    )
    assert as_yaml(reason) == snapshot(name="reason")
    full_text = task_modals.full_text_modal(example_task("comparison"), 0)
    assert as_yaml(full_text) == snapshot(name="full text")
    assert as_yaml(task_modals.too_long_modal()) == snapshot(name="too long")
    task = example_task("rating", guidelines="Be **fair**.\n\n- Read twice\n- Laugh once")
    assert as_yaml(task_modals.guidelines_modal(task)) == snapshot(name="guidelines")
