"""The modals: nothing that was written gets lost in their boxes, and Slack takes every one."""

from __future__ import annotations

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
from bot.services.tasks.next_task import TaskView
from bot.slack.forms.modal_fields import MAX_INPUT_CHARACTERS, MAX_PARTS, ModalContents, join_parts
from bot.slack.parsing.action_ids import parse_block_action
from bot.slack.views import task_modals
from bot.slack.views.task_modals import PAGE_CHARACTERS, ModalMetadata
from tests.slack.conftest import (
    FEWER_EXAMPLES,
    KIND_NAMES,
    TEXTS,
    as_yaml,
    example_task,
    example_value,
    objects_in,
    task_of,
    tasks,
    view_problems,
    visible_text,
)

BACKDROP = ModalMetadata(17, "D1", "1.2", "https://hooks.slack.example/actions/T1/1/x")


@FEWER_EXAMPLES
@given(
    channel=st.none() | st.text(max_size=20),
    joins=st.lists(st.sampled_from(["", "\n", "\n" * 20]), max_size=MAX_PARTS - 1).map(tuple),
)
def test_a_backdrop_comes_back_and_has_room(channel: str | None, joins: tuple[str, ...]) -> None:
    url = "https://x.y/" + "z" * 200
    known = {"response": joins}
    backdrop = ModalMetadata(10**17, channel, "1548261231.000200", url, known, "f" * 40)
    assert ModalMetadata.from_json(backdrop.to_json()) == backdrop
    assert len(backdrop.to_json()) <= 3_000


@FEWER_EXAMPLES
@given(data=st.data(), name=st.sampled_from(KIND_NAMES), page=st.integers(0, 40))
def test_slack_takes_every_modal_and_nothing_in_it_is_alive(
    data: st.DataObject, name: str, page: int
) -> None:
    task = data.draw(tasks(name))
    assert view_problems(task_modals.full_text_modal(task, page)) == []
    if task_modals.fields_in_modal(task):
        assert view_problems(task_modals.answer_modal(task, BACKDROP)) == []
        parts = data.draw(
            st.lists(st.text(max_size=MAX_INPUT_CHARACTERS), min_size=1, max_size=MAX_PARTS)
        )
        assert view_problems(task_modals.answer_modal(task, BACKDROP, filled(task, parts))) == []


@FEWER_EXAMPLES
@given(text=TEXTS.filter(str.strip), title=st.sampled_from(["Tone", "<!here>", "x" * 500]))
def test_slack_takes_guidelines_whatever_is_in_them(text: str, title: str) -> None:
    task = example_task("rating", guidelines=text, title=title)
    assert view_problems(task_modals.guidelines_modal(task)) == []


def filled(task: TaskView, parts: list[str]) -> ModalContents:
    """Return a sheet with these parts in its long text, or in the first one."""
    texts = [field for field in task.form.modal_fields if isinstance(field, TextField)]
    first = sorted(texts, key=lambda text: not text.long)[:1]
    return ModalContents({text.key: parts for text in first}, {}, {})


def writing_task(response: str, prompt: str = "Explain tides.") -> TaskView:
    """Return a task whose response so far is this."""
    content = Content((ConversationTurn("user", prompt),))
    value = {"response": response} if response else {}
    return task_of(KINDS["demonstration"], content, DemonstrationSettings(), (), value=value)


def initial(view: dict[str, Any]) -> list[str]:
    """Return what stands in each box at first."""
    boxes = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    return [box.get("initial_value", "") for box in boxes]


@pytest.mark.parametrize("parts", range(1, MAX_PARTS + 1))
def test_a_response_of_any_length_a_modal_holds_comes_back_to_the_letter(parts: int) -> None:
    response = "\n\n".join(["w" * (MAX_INPUT_CHARACTERS - 2)] * parts)
    task = writing_task(response)
    assert task_modals.fields_in_modal(task)
    view = task_modals.answer_modal(task, BACKDROP)
    boxes = initial(view)
    assert len(boxes) == parts
    joins = ModalMetadata.from_json(view["private_metadata"]).joins
    assert join_parts(boxes, joins.get("response", ())) == response
    assert view_problems(view) == []


def test_the_largest_modal_there_can_be_is_small_enough() -> None:
    task = writing_task("🙂" * MAX_INPUT_CHARACTERS * MAX_PARTS, "🙂" * 200_000)
    view = task_modals.answer_modal(task, BACKDROP)
    assert len(initial(view)) == MAX_PARTS
    assert view_problems(view) == []


def test_a_response_that_no_modal_holds_is_written_in_the_thread() -> None:
    assert task_modals.fields_in_modal(writing_task("w" * MAX_INPUT_CHARACTERS * MAX_PARTS))
    assert not task_modals.fields_in_modal(
        writing_task("w" * (MAX_INPUT_CHARACTERS * MAX_PARTS + 1))
    )
    assert not task_modals.fields_in_modal(writing_task("w" * MAX_RESPONSE_CHARS))
    assert view_problems(task_modals.too_long_modal()) == []


def test_another_part_can_be_added_until_the_modal_is_full() -> None:
    task = writing_task("")

    def offers(parts: int) -> bool:
        message = task_modals.answer_modal(task, BACKDROP, filled(task, ["x"] * parts))
        return any(o.get("action_id") == "add_text_box:response" for o in objects_in(message))

    assert offers(1)
    assert offers(MAX_PARTS - 1)
    assert not offers(MAX_PARTS)


def test_a_part_that_is_added_keeps_what_stands_between_the_others() -> None:
    first = task_modals.answer_modal(
        writing_task("w" * (MAX_INPUT_CHARACTERS - 1) + "\n" + "v"), BACKDROP
    )
    backdrop = ModalMetadata.from_json(first["private_metadata"])
    state = {
        f"response:{number}": {"response": {"value": part}}
        for number, part in enumerate(initial(first))
    }
    grown = task_modals.answer_modal_with_added_part(writing_task(""), backdrop, state, "response")
    assert ModalMetadata.from_json(grown["private_metadata"]) == backdrop
    assert backdrop.joins == {"response": ("\n",)}
    assert initial(grown) == ["w" * (MAX_INPUT_CHARACTERS - 1), "v", ""]


def test_a_reason_can_be_changed_and_needs_no_second_box() -> None:
    task = example_task("comparison", value=example_value("comparison"))
    view = task_modals.answer_modal(task, BACKDROP)
    assert initial(view) == ["Nine is three times three."]
    assert "Add another part" not in visible_text(view)
    assert view["title"]["text"] == "Your reason"


def test_a_draft_is_what_one_begins_with() -> None:
    view = task_modals.answer_modal(example_task("demonstration"), BACKDROP)
    assert initial(view) == ["Tides are water."]


def long_task(*lengths: int) -> TaskView:
    """Return a rating whose prompt and text have these lengths."""
    prompt, text = ("w " * (length // 2) for length in lengths)
    content = Content((ConversationTurn("user", prompt),), (Candidate(text),))
    return task_of(KINDS["rating"], content, RatingSettings(), (0,))


def pages_of(task: TaskView) -> list[dict[str, Any]]:
    """Return every page of what is read in full, by turning from the first."""
    found = [task_modals.full_text_modal(task, 0)]
    while turns := [
        o for o in objects_in(found[-1]) if o.get("action_id") == "show_full_text_page:N"
    ]:
        found.append(task_modals.full_text_modal(task, int(parse_block_action(turns[0]).option)))
    return found


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
    found = pages_of(task)
    titles = {passage.title for passage in task.form.passages}
    leaves = [
        o["text"]
        for page in found
        for block in page["blocks"]
        if block["type"] == "rich_text"
        for o in objects_in(block)
        if o.get("type") == "text" and o["text"] not in titles
    ]
    shown = "".join(leaves)
    assert shown.count("w") == sum(length // 2 for length in lengths)
    assert all(view_problems(page) == [] for page in found)


def test_one_turns_back_and_forth_and_never_beyond_the_ends() -> None:
    found = pages_of(long_task(2, 3 * PAGE_CHARACTERS))
    assert len(found) == 4
    ways = [[o["text"]["text"] for o in objects_in(p) if o.get("type") == "button"] for p in found]
    assert ways == [["Next"], ["Back", "Next"], ["Back", "Next"], ["Back"]]


def test_a_page_beyond_the_last_is_the_last() -> None:
    task = long_task(2, 3 * PAGE_CHARACTERS)
    assert task_modals.full_text_modal(task, 99) == task_modals.full_text_modal(task, 3)
    assert view_problems(task_modals.full_text_modal(task, 99)) == []


def test_what_fits_one_page_has_nothing_to_turn() -> None:
    (page,) = pages_of(long_task(2, 200))
    assert not any(o.get("type") == "button" for o in objects_in(page))


@pytest.mark.parametrize("words", ["Short.", "x" * 3_000, "<!channel> `code`"])
def test_slack_takes_a_notice(words: str) -> None:
    assert view_problems(task_modals.notice_modal("Not saved", words)) == []


def test_private_metadata_holds_no_more_than_it_must() -> None:
    known = orjson.loads(
        task_modals.answer_modal(example_task("demonstration"), BACKDROP)["private_metadata"]
    )
    assert set(known) == {"target_id", "channel", "message_ts", "response_url", "field", "joins"}


def test_the_modals_look_like_this(snapshot: SnapshotAssertion) -> None:
    response = task_modals.answer_modal(example_task("demonstration"), BACKDROP)
    assert as_yaml(response) == snapshot(name="a response")
    reason = task_modals.answer_modal(
        example_task("comparison", value=example_value("comparison")), BACKDROP
    )
    assert as_yaml(reason) == snapshot(name="a reason")
    assert as_yaml(task_modals.full_text_modal(example_task("comparison"), 0)) == snapshot(
        name="in full"
    )
    assert as_yaml(task_modals.too_long_modal()) == snapshot(name="too long")
    guided = example_task("rating", guidelines="Be **fair**.\n\n- Read twice\n- Laugh once")
    assert as_yaml(task_modals.guidelines_modal(guided)) == snapshot(name="guidelines")
