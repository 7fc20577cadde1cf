"""The small objects: texts, options, confirmations, filters, files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.blockkit import Problem, Surface, check_blocks

CaseMaker = Callable[[str], Any]


def test_slack_says_first_that_no_schema_matched() -> None:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    assert check_blocks([block], Surface.MESSAGE) == [
        Problem("failed to match all allowed schemas", "/0/text", constraint={"type": "all_of"}),
        Problem(
            "must be less than 3001 characters",
            "/0/text/text",
            constraint={"type": "max_length", "expected": 3000},
        ),
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("hello", "must provide an object @ /0/text"),
        (None, "must provide an object @ /0/text"),
        ({"type": "plain_text"}, "missing required field: text @ /0/text"),
        ({"type": "mrkdwn", "text": 1}, "must provide a string @ /0/text/text"),
        ({"type": "markdown", "text": "a"}, "unsupported type: markdown @ /0/text/type"),
        (
            {"type": "mrkdwn", "text": "a", "emoji": True},
            "invalid additional property: emoji @ /0/text",
        ),
        (
            {"type": "plain_text", "text": "a", "verbatim": True},
            "invalid additional property: verbatim @ /0/text",
        ),
        ({"type": "plain_text", "text": "a", "emoji": 1}, "must be a boolean @ /0/text/emoji"),
        ({"type": "mrkdwn", "text": "a", "verbatim": 0}, "must be a boolean @ /0/text/verbatim"),
    ],
)
def test_a_text_is_plain_or_mrkdwn(text: object, complaint: str, case: CaseMaker) -> None:
    made = case("blocks/section")
    made.target["text"] = text
    assert made.found() == [complaint]


def test_characters_are_counted_as_slack_does_not_bytes_nor_utf16(case: CaseMaker) -> None:
    made = case("blocks/header")
    made.put("text/text", "😀" * 150)
    assert made.found() == []


@pytest.mark.parametrize("kind", ["static_select", "multi_static_select", "overflow"])
@pytest.mark.parametrize("field", ["text", "description"])
def test_options_of_menus_are_plain(kind: str, field: str, case: CaseMaker) -> None:
    made = case(f"elements/{kind}")
    made.put(f"options/0/{field}", {"type": "mrkdwn", "text": "*a*"})
    pointer = f"{made.pointer}/options/0/{field}/type"
    assert made.found() == [f"unsupported type: mrkdwn @ {pointer}"]


@pytest.mark.parametrize("kind", ["static_select", "checkboxes", "radio_buttons"])
def test_only_options_of_overflow_menus_have_addresses(kind: str, case: CaseMaker) -> None:
    made = case(f"elements/{kind}")
    made.get("options/0")["url"] = "https://e.org"
    pointer = f"{made.pointer}/options/0"
    assert made.found() == [f"invalid additional property: url @ {pointer}"]


@pytest.mark.parametrize("field", ["text", "value"])
@pytest.mark.parametrize("kind", ["static_select", "checkboxes", "radio_buttons", "overflow"])
def test_an_option_has_a_text_and_a_value(field: str, kind: str, case: CaseMaker) -> None:
    made = case(f"elements/{kind}")
    del made.get("options/0")[field]
    assert made.found() == [f"missing required field: {field} @ {made.pointer}/options/0"]


@pytest.mark.parametrize("field", ["label", "options"])
def test_a_group_of_options_has_a_label_and_options(field: str, case: CaseMaker) -> None:
    made = case("elements/static_select/groups")
    del made.get("option_groups/0")[field]
    said = f"missing required field: {field}"
    assert made.found() == [f"{said} @ {made.pointer}/option_groups/0"]


@pytest.mark.parametrize("field", ["title", "text", "confirm", "deny"])
def test_a_confirmation_is_complete(field: str, case: CaseMaker) -> None:
    made = case("elements/button")
    del made.target["confirm"][field]
    assert made.found() == [f"missing required field: {field} @ {made.pointer}/confirm"]


@pytest.mark.parametrize("field", ["title", "confirm", "deny"])
def test_a_confirmation_is_plain_but_for_its_text(field: str, case: CaseMaker) -> None:
    made = case("elements/button")
    made.put(f"confirm/{field}/type", "mrkdwn")
    del made.get(f"confirm/{field}")["text"]
    made.get(f"confirm/{field}")["text"] = "a"
    pointer = f"{made.pointer}/confirm/{field}/type"
    assert made.found() == [f"unsupported type: mrkdwn @ {pointer}"]


def test_a_confirmation_has_two_styles(case: CaseMaker) -> None:
    made = case("elements/button")
    made.put("confirm/style", "loud")
    assert made.found() == [f"must be a valid enum value @ {made.pointer}/confirm/style"]


@pytest.mark.parametrize(
    ("config", "complaint"),
    [
        ({}, "missing required field: trigger_actions_on @ {}"),
        ({"trigger_actions_on": []}, "must provide at least 1 items @ {}/trigger_actions_on"),
        (
            {"trigger_actions_on": ["on_click"]},
            "must be a valid enum value @ {}/trigger_actions_on/0",
        ),
        (
            {"trigger_actions_on": ["on_enter_pressed", "on_enter_pressed"]},
            "Input contains duplicate items @ {}/trigger_actions_on",
        ),
        (
            {"trigger_actions_on": ["on_enter_pressed"] * 3},
            "no more than 2 items allowed @ {}/trigger_actions_on",
        ),
    ],
)
def test_a_dispatch_config_names_its_triggers(
    config: object, complaint: str, case: CaseMaker
) -> None:
    made = case("elements/plain_text_input")
    made.put("dispatch_action_config", config)
    assert made.found() == [complaint.format(f"{made.pointer}/dispatch_action_config")]


@pytest.mark.parametrize(
    ("wanted", "complaint"),
    [
        ({}, "must have minimum 1 properties @ {}"),
        ({"include": []}, "must provide at least 1 items @ {}/include"),
        ({"include": ["dm"]}, "must be a valid enum value @ {}/include/0"),
        ({"include": ["im", "im"]}, "Input contains duplicate items @ {}/include"),
        ({"exclude_bot_users": "yes"}, "must be a boolean @ {}/exclude_bot_users"),
    ],
)
def test_a_conversation_filter_filters(wanted: object, complaint: str, case: CaseMaker) -> None:
    made = case("elements/conversations_select")
    made.put("filter", wanted)
    assert made.found() == [complaint.format(f"{made.pointer}/filter")]


@pytest.mark.parametrize(
    ("file", "complaint"),
    [
        ({}, "must define either `id` or `url` @ {}"),
        ({"id": "F1", "url": "https://e.org"}, "cannot define both `id` and `url` @ {}"),
        ({"id": ""}, "must be more than 0 characters @ {}/id"),
        ({"url": "f.png"}, r"input must match regex pattern: https://\S+ @ {}/url"),
    ],
)
@pytest.mark.parametrize("owner", ["blocks/image/file", "elements/image/file"])
def test_a_slack_file_is_named_by_id_or_url(
    owner: str, file: object, complaint: str, case: CaseMaker
) -> None:
    made = case(owner)
    made.put("slack_file", file)
    assert made.found() == [complaint.format(f"{made.pointer}/slack_file")]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("workflow", "trigger"),
        ("workflow/trigger", "url"),
        ("workflow/trigger/customizable_input_parameters/0", "name"),
        ("workflow/trigger/customizable_input_parameters/0", "value"),
    ],
)
def test_a_workflow_is_complete(path: str, field: str, case: CaseMaker) -> None:
    made = case("elements/workflow_button")
    del made.get(path)[field]
    assert made.found() == [f"missing required field: {field} @ {made.pointer}/{path}"]
