"""Composition objects: texts, options, confirmations, filters, files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.blockkit import Problem, Surface, check_blocks

CaseMaker = Callable[[str], Any]


def test_general_schema_problem_comes_first() -> None:
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
    ("text", "problem_line"),
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
def test_text_is_plain_text_or_mrkdwn(
    text: object, problem_line: str, make_example_case: CaseMaker
) -> None:
    case = make_example_case("blocks/section")
    case.target["text"] = text
    assert case.problem_lines() == [problem_line]


def test_length_is_counted_in_code_points(make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/header")
    case.replace("text/text", "😀" * 150)
    assert case.problem_lines() == []


@pytest.mark.parametrize("kind", ["static_select", "multi_static_select", "overflow"])
def test_menu_option_texts_are_plain_text(kind: str, make_example_case: CaseMaker) -> None:
    for field in ("text", "description"):
        case = make_example_case(f"elements/{kind}")
        case.replace(f"options/0/{field}", {"type": "mrkdwn", "text": "*a*"})
        pointer = f"{case.pointer}/options/0/{field}/type"
        assert case.problem_lines() == [f"unsupported type: mrkdwn @ {pointer}"]


@pytest.mark.parametrize("kind", ["static_select", "checkboxes", "radio_buttons"])
def test_only_overflow_options_may_have_url(kind: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(f"elements/{kind}")
    case.get("options/0")["url"] = "https://e.org"
    pointer = f"{case.pointer}/options/0"
    assert case.problem_lines() == [f"invalid additional property: url @ {pointer}"]


@pytest.mark.parametrize("kind", ["static_select", "checkboxes", "radio_buttons", "overflow"])
def test_option_needs_text_and_value(kind: str, make_example_case: CaseMaker) -> None:
    for field in ("text", "value"):
        case = make_example_case(f"elements/{kind}")
        del case.get("options/0")[field]
        pointer = f"{case.pointer}/options/0"
        assert case.problem_lines() == [f"missing required field: {field} @ {pointer}"]


@pytest.mark.parametrize("field", ["label", "options"])
def test_option_group_needs_label_and_options(field: str, make_example_case: CaseMaker) -> None:
    case = make_example_case("elements/static_select/groups")
    del case.get("option_groups/0")[field]
    message = f"missing required field: {field}"
    assert case.problem_lines() == [f"{message} @ {case.pointer}/option_groups/0"]


@pytest.mark.parametrize("field", ["title", "text", "confirm", "deny"])
def test_confirmation_needs_all_texts(field: str, make_example_case: CaseMaker) -> None:
    case = make_example_case("elements/button")
    del case.target["confirm"][field]
    assert case.problem_lines() == [f"missing required field: {field} @ {case.pointer}/confirm"]


@pytest.mark.parametrize("field", ["title", "confirm", "deny"])
def test_only_confirmation_text_may_be_mrkdwn(field: str, make_example_case: CaseMaker) -> None:
    case = make_example_case("elements/button")
    case.replace(f"confirm/{field}/type", "mrkdwn")
    del case.get(f"confirm/{field}")["text"]
    case.get(f"confirm/{field}")["text"] = "a"
    pointer = f"{case.pointer}/confirm/{field}/type"
    assert case.problem_lines() == [f"unsupported type: mrkdwn @ {pointer}"]


def test_unknown_confirmation_style_is_rejected(make_example_case: CaseMaker) -> None:
    case = make_example_case("elements/button")
    case.replace("confirm/style", "loud")
    assert case.problem_lines() == [f"must be a valid enum value @ {case.pointer}/confirm/style"]


@pytest.mark.parametrize(
    ("config", "problem_line"),
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
def test_dispatch_config_must_be_valid(
    config: object, problem_line: str, make_example_case: CaseMaker
) -> None:
    case = make_example_case("elements/plain_text_input")
    case.replace("dispatch_action_config", config)
    assert case.problem_lines() == [problem_line.format(f"{case.pointer}/dispatch_action_config")]


@pytest.mark.parametrize(
    ("conversation_filter", "problem_line"),
    [
        ({}, "must have minimum 1 properties @ {}"),
        ({"include": []}, "must provide at least 1 items @ {}/include"),
        ({"include": ["dm"]}, "must be a valid enum value @ {}/include/0"),
        ({"include": ["im", "im"]}, "Input contains duplicate items @ {}/include"),
        ({"exclude_bot_users": "yes"}, "must be a boolean @ {}/exclude_bot_users"),
    ],
)
def test_conversation_filter_must_be_valid(
    conversation_filter: object, problem_line: str, make_example_case: CaseMaker
) -> None:
    case = make_example_case("elements/conversations_select")
    case.replace("filter", conversation_filter)
    assert case.problem_lines() == [problem_line.format(f"{case.pointer}/filter")]


@pytest.mark.parametrize(
    ("file", "problem_line"),
    [
        ({}, "must define either `id` or `url` @ {}"),
        ({"id": "F1", "url": "https://e.org"}, "cannot define both `id` and `url` @ {}"),
        ({"id": ""}, "must be more than 0 characters @ {}/id"),
        ({"url": "f.png"}, r"input must match regex pattern: https://\S+ @ {}/url"),
    ],
)
@pytest.mark.parametrize("owner", ["blocks/image/file", "elements/image/file"])
def test_slack_file_has_id_or_url(
    owner: str, file: object, problem_line: str, make_example_case: CaseMaker
) -> None:
    case = make_example_case(owner)
    case.replace("slack_file", file)
    assert case.problem_lines() == [problem_line.format(f"{case.pointer}/slack_file")]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("workflow", "trigger"),
        ("workflow/trigger", "url"),
        ("workflow/trigger/customizable_input_parameters/0", "name"),
        ("workflow/trigger/customizable_input_parameters/0", "value"),
    ],
)
def test_workflow_needs_all_fields(path: str, field: str, make_example_case: CaseMaker) -> None:
    case = make_example_case("elements/workflow_button")
    del case.get(path)[field]
    assert case.problem_lines() == [f"missing required field: {field} @ {case.pointer}/{path}"]
