"""Default fields of stored blocks, and the tables of stateful and interactive elements."""

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


def make_id_factory() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"id{next(numbers)}"


def store(block: Json) -> Json:
    (stored,) = with_defaults([block], make_id_factory())
    return stored


def test_block_gets_an_id() -> None:
    assert store({"type": "divider"}) == {"type": "divider", "block_id": "id1"}


def test_block_keeps_its_id() -> None:
    assert store({"type": "divider", "block_id": "mine"})["block_id"] == "mine"


def test_markdown_block_has_no_id() -> None:
    block = {"type": "markdown", "text": "a", "block_id": "mine"}
    assert store(block) == {"type": "markdown", "text": "a"}


def test_texts_get_emoji_and_verbatim_defaults() -> None:
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
    assert store(block) == {
        "type": "section",
        "block_id": "s",
        "text": {"type": "mrkdwn", "text": "a", "verbatim": False},
        "fields": [
            {"type": "plain_text", "text": "b", "emoji": True},
            {"type": "plain_text", "text": "c", "emoji": False},
            {"type": "mrkdwn", "text": "d", "verbatim": True},
        ],
    }


def test_input_block_matches_slacks_payloads() -> None:
    block = {
        "type": "input",
        "block_id": "hspI",
        "label": {"type": "plain_text", "text": "Label"},
        "element": {"type": "plain_text_input", "action_id": "maBWU"},
    }
    assert store(block) == {
        "type": "input",
        "block_id": "hspI",
        "label": {"type": "plain_text", "text": "Label", "emoji": True},
        "optional": False,
        "dispatch_action": False,
        "element": {"type": "plain_text_input", "action_id": "maBWU"},
    }


def test_input_block_keeps_explicit_values() -> None:
    block = {
        "type": "input",
        "optional": True,
        "dispatch_action": True,
        "label": {"type": "plain_text", "text": "l"},
        "element": {"type": "plain_text_input"},
    }
    stored = store(block)
    assert (stored["optional"], stored["dispatch_action"]) == (True, True)
    assert stored["element"]["action_id"]


@pytest.mark.parametrize("kind", ELEMENTS)
def test_interactive_and_stateful_elements_get_action_ids(
    kind: str, make_example_case: CaseMaker
) -> None:
    case = make_example_case(f"elements/{kind}")
    case.target.pop("action_id", None)
    field, *index = case.pointer.removeprefix("/0/").split("/")
    value = store(case.payload[0])[field]
    element = value[int(index[0])] if index else value
    gets_action_id = kind in INTERACTIVE or kind in STATEFUL
    assert ("action_id" in element) is gets_action_id
    assert gets_action_id or kind in {"image", "url", "workflow_button"}


def test_nested_blocks_get_distinct_ids(make_example_case: CaseMaker) -> None:
    block = make_example_case("blocks/container").target
    child = {"type": "divider"}
    block["child_blocks"] = [child, child]
    first, second = store(block)["child_blocks"]
    assert first["block_id"] != second["block_id"]


def test_nested_rich_text_gets_no_id(make_example_case: CaseMaker) -> None:
    assert "block_id" not in store(make_example_case("blocks/task_card").target)["details"]


def test_workflow_parameters_are_copied_unchanged(make_example_case: CaseMaker) -> None:
    case = make_example_case("elements/workflow_button")
    value = {"type": "plain_text", "deep": [{"type": "button"}]}
    case.replace("workflow/trigger/customizable_input_parameters/0/value", value)
    workflow = store(case.payload[0])["accessory" if "accessory" in case.pointer else "elements"]
    workflow = workflow[0] if isinstance(workflow, list) else workflow
    (parameter,) = workflow["workflow"]["trigger"]["customizable_input_parameters"]
    assert parameter["value"] == value
    assert parameter["value"]["deep"] is not value["deep"]


@pytest.mark.parametrize("kind", BLOCKS)
def test_stored_blocks_are_valid_deep_copies(kind: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(f"blocks/{kind}")
    before = copy.deepcopy(case.payload)
    result = with_defaults(case.payload, make_id_factory())
    assert case.check(result) == []
    modify_deeply(result)
    assert case.payload == before


def modify_deeply(value: object) -> None:
    """Modify every list and dict in `value`."""
    if isinstance(value, list):
        for item in value:
            modify_deeply(item)
        value.append("modified")
    elif isinstance(value, dict):
        for item in value.values():
            modify_deeply(item)
        value["modified"] = True


def texts_within(value: object) -> Iterator[Json]:
    """Yield each text object in `value`, at any depth."""
    if isinstance(value, list):
        for item in value:
            yield from texts_within(item)
    elif isinstance(value, dict):
        if value.get("type") in ("plain_text", "mrkdwn"):
            yield value
        for item in value.values():
            yield from texts_within(item)


@pytest.mark.parametrize("kind", ["blocks/section", "elements/button", "elements/checkboxes"])
def test_deeply_nested_texts_get_defaults(kind: str, make_example_case: CaseMaker) -> None:
    texts = list(texts_within(with_defaults(make_example_case(kind).payload, make_id_factory())))
    assert len(texts) > 2
    assert all("emoji" in text or "verbatim" in text for text in texts)


@pytest.mark.parametrize("kind", BLOCKS)
def test_storing_stored_blocks_changes_nothing(kind: str, make_example_case: CaseMaker) -> None:
    once = with_defaults(make_example_case(f"blocks/{kind}").payload, make_id_factory())
    assert with_defaults(once, lambda: "another") == once


def test_stored_view_keeps_title_and_buttons(make_example_case: CaseMaker) -> None:
    case = make_example_case("views/modal")
    result = view_with_defaults(case.payload, make_id_factory())
    assert result["title"] == {"type": "plain_text", "text": "Title", "emoji": True}
    assert result["submit"] == {"type": "plain_text", "text": "Send", "emoji": True}
    assert result["blocks"] == [{"type": "divider", "block_id": "id1"}]
    assert result["private_metadata"] == "p"
    assert check_view(result) == []


# --- stateful and interactive elements ---


@pytest.mark.parametrize("kind", STATEFUL)
def test_initial_state_field_exists_in_element_schema(kind: str) -> None:
    state = STATEFUL[kind]
    initials = {field for field in ELEMENTS[kind].schema.fields if field.startswith("initial_")}
    assert initials == ({state.initial} if state.initial else set())


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
def test_state_keys_match_slacks_payloads(kind: str, key: str, empty: object) -> None:
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
def test_action_contains_selected_value(kind: str, key: str) -> None:
    assert INTERACTIVE[kind] == key


@pytest.mark.parametrize("kind", ["file_input", "workflow_button", "image", "url"])
def test_some_elements_send_no_actions(kind: str) -> None:
    assert kind not in INTERACTIVE
