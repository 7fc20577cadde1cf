"""Blocks as Slack echoes them, and what is known of elements."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from bot.sandbox.blockkit import (
    INTERACTIVE,
    STATEFUL,
    check_view,
    view_with_defaults,
    with_defaults,
)
from bot.sandbox.blockkit.blocks import BLOCKS
from bot.sandbox.blockkit.elements import ELEMENTS

CaseMaker = Callable[[str], Any]
Json = dict[str, Any]


def ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"id{next(numbers)}"


def stored(block: Json) -> Json:
    (it,) = with_defaults([block], ids())
    return it


def test_a_block_gets_an_id() -> None:
    assert stored({"type": "divider"}) == {"type": "divider", "block_id": "id1"}


def test_a_block_keeps_its_id() -> None:
    assert stored({"type": "divider", "block_id": "mine"})["block_id"] == "mine"


def test_a_markdown_block_has_no_id() -> None:
    block = {"type": "markdown", "text": "a", "block_id": "mine"}
    assert stored(block) == {"type": "markdown", "text": "a"}


def test_texts_say_how_they_are_read() -> None:
    block = {
        "type": "section",
        "block_id": "s",
        "text": {"type": "mrkdwn", "text": "a"},
        "fields": [
            {"type": "plain_text", "text": "b"},
            {"type": "plain_text", "text": "c", "emoji": False},
            {"type": "mrkdwn", "text": "d", "verbatim": True},
        ],
    }
    assert stored(block) == {
        "type": "section",
        "block_id": "s",
        "text": {"type": "mrkdwn", "text": "a", "verbatim": False},
        "fields": [
            {"type": "plain_text", "text": "b", "emoji": True},
            {"type": "plain_text", "text": "c", "emoji": False},
            {"type": "mrkdwn", "text": "d", "verbatim": True},
        ],
    }


def test_an_input_block_looks_as_in_slacks_own_payloads() -> None:
    block = {
        "type": "input",
        "block_id": "hspI",
        "label": {"type": "plain_text", "text": "Label"},
        "element": {"type": "plain_text_input", "action_id": "maBWU"},
    }
    assert stored(block) == {
        "type": "input",
        "block_id": "hspI",
        "label": {"type": "plain_text", "text": "Label", "emoji": True},
        "optional": False,
        "dispatch_action": False,
        "element": {"type": "plain_text_input", "action_id": "maBWU"},
    }


def test_an_input_block_keeps_what_it_says_of_itself() -> None:
    block = {
        "type": "input",
        "optional": True,
        "dispatch_action": True,
        "label": {"type": "plain_text", "text": "l"},
        "element": {"type": "plain_text_input"},
    }
    it = stored(block)
    assert (it["optional"], it["dispatch_action"]) == (True, True)
    assert it["element"]["action_id"]


@pytest.mark.parametrize("kind", ELEMENTS)
def test_what_acts_or_holds_state_gets_an_action_id(kind: str, case: CaseMaker) -> None:
    made = case(f"elements/{kind}")
    given = made.target.pop("action_id", None)
    field, *index = made.pointer.removeprefix("/0/").split("/")
    held = stored(made.payload[0])[field]
    element = held[int(index[0])] if index else held
    acts = kind in INTERACTIVE or kind in STATEFUL
    assert ("action_id" in element) is acts
    assert acts or kind in {"image", "url", "workflow_button"}, given


def test_blocks_inside_blocks_get_ids_of_their_own(case: CaseMaker) -> None:
    block = case("blocks/container").target
    child = {"type": "divider"}
    block["child_blocks"] = [child, child]
    first, second = stored(block)["child_blocks"]
    assert first["block_id"] != second["block_id"]


def test_rich_text_inside_blocks_gets_no_id(case: CaseMaker) -> None:
    assert "block_id" not in stored(case("blocks/task_card").target)["details"]


def test_what_an_app_tells_a_workflow_is_left_alone(case: CaseMaker) -> None:
    made = case("elements/workflow_button")
    told = {"type": "plain_text", "deep": [{"type": "button"}]}
    made.put("workflow/trigger/customizable_input_parameters/0/value", told)
    workflow = stored(made.payload[0])["accessory" if "accessory" in made.pointer else "elements"]
    workflow = workflow[0] if isinstance(workflow, list) else workflow
    (parameter,) = workflow["workflow"]["trigger"]["customizable_input_parameters"]
    assert parameter["value"] == told
    assert parameter["value"]["deep"] is not told["deep"]


@pytest.mark.parametrize("kind", BLOCKS)
def test_what_is_stored_is_valid_and_shares_nothing(kind: str, case: CaseMaker) -> None:
    made = case(f"blocks/{kind}")
    before = copy.deepcopy(made.payload)
    result = with_defaults(made.payload, ids())
    assert made.check(result) == []
    scribble(result)
    assert made.payload == before


def scribble(value: object) -> None:
    """Spoil every list and dict in `value`."""
    if isinstance(value, list):
        for item in value:
            scribble(item)
        value.append("spoilt")
    elif isinstance(value, dict):
        for item in value.values():
            scribble(item)
        value["spoilt"] = True


def texts_within(value: object) -> Iterator[Json]:
    """Yield each text object in `value`, however deep."""
    if isinstance(value, list):
        for item in value:
            yield from texts_within(item)
    elif isinstance(value, dict):
        if value.get("type") in ("plain_text", "mrkdwn"):
            yield value
        for item in value.values():
            yield from texts_within(item)


@pytest.mark.parametrize("kind", ["blocks/section", "elements/button", "elements/checkboxes"])
def test_no_text_is_too_deep_to_be_filled(kind: str, case: CaseMaker) -> None:
    texts = list(texts_within(with_defaults(case(kind).payload, ids())))
    assert len(texts) > 2
    assert all("emoji" in text or "verbatim" in text for text in texts)


@pytest.mark.parametrize("kind", BLOCKS)
def test_to_store_what_is_stored_changes_nothing(kind: str, case: CaseMaker) -> None:
    once = with_defaults(case(f"blocks/{kind}").payload, ids())
    assert with_defaults(once, lambda: "another") == once


def test_a_view_is_stored_with_its_frame(case: CaseMaker) -> None:
    made = case("views/modal")
    result = view_with_defaults(made.payload, ids())
    assert result["title"] == {"type": "plain_text", "text": "Title", "emoji": True}
    assert result["submit"] == {"type": "plain_text", "text": "Send", "emoji": True}
    assert result["blocks"] == [{"type": "divider", "block_id": "id1"}]
    assert result["private_metadata"] == "p"
    assert check_view(result) == []


# --- facts on elements ---


@pytest.mark.parametrize("kind", STATEFUL)
def test_state_starts_with_a_field_that_the_element_has(kind: str) -> None:
    held = STATEFUL[kind]
    initials = {field for field in ELEMENTS[kind].schema.fields if field.startswith("initial_")}
    assert initials == ({held.initial} if held.initial else set())


def test_empty_state_is_null_or_a_new_empty_list() -> None:
    assert STATEFUL["radio_buttons"].empty_value is None
    first, second = STATEFUL["checkboxes"].empty_value, STATEFUL["checkboxes"].empty_value
    assert first == second == []
    assert first is not second


@pytest.mark.parametrize(
    ("kind", "key", "empty"),
    [
        ("plain_text_input", "value", None),
        ("email_text_input", "value", None),
        ("url_text_input", "value", None),
        ("number_input", "value", None),
        ("rich_text_input", "rich_text_value", None),
        ("radio_buttons", "selected_option", None),
        ("static_select", "selected_option", None),
        ("external_select", "selected_option", None),
        ("users_select", "selected_user", None),
        ("conversations_select", "selected_conversation", None),
        ("channels_select", "selected_channel", None),
        ("datepicker", "selected_date", None),
        ("timepicker", "selected_time", None),
        ("datetimepicker", "selected_date_time", None),
        ("checkboxes", "selected_options", []),
        ("multi_static_select", "selected_options", []),
        ("multi_external_select", "selected_options", []),
        ("multi_users_select", "selected_users", []),
        ("multi_conversations_select", "selected_conversations", []),
        ("multi_channels_select", "selected_channels", []),
        ("file_input", "files", []),
    ],
)
def test_state_is_held_as_slack_holds_it(kind: str, key: str, empty: object) -> None:
    assert (STATEFUL[kind].key, STATEFUL[kind].empty_value) == (key, empty)


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("button", "value"),
        ("feedback_buttons", "value"),
        ("icon_button", "value"),
        ("overflow", "selected_option"),
        ("radio_buttons", "selected_option"),
        ("multi_users_select", "selected_users"),
    ],
)
def test_an_action_says_what_was_chosen(kind: str, key: str) -> None:
    assert INTERACTIVE[kind] == key


@pytest.mark.parametrize("kind", ["file_input", "workflow_button", "image", "url"])
def test_some_elements_send_no_actions(kind: str) -> None:
    assert kind not in INTERACTIVE
