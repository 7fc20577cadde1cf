"""Rich text: required fields of inline elements, and what each container may hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.blockkit import Surface, check_blocks
from bot.sandbox.blockkit.rich_text import CLASSIC_ELEMENTS, NEW_ELEMENTS

CaseMaker = Callable[[str], Any]

INLINE_ELEMENTS = CLASSIC_ELEMENTS | NEW_ELEMENTS

REQUIRED = {
    "text": "text",
    "link": "url",
    "user": "user_id",
    "usergroup": "usergroup_id",
    "channel": "channel_id",
    "team": "team_id",
    "broadcast": "range",
    "emoji": "name",
    "date": "timestamp format",
    "color": "value",
    "attachment_mention": "url",
    "canvas": "file_id",
    "canvas_message_unfurl": "root_message_ts root_message_channel",
    "canvas_user_mention": "user_id",
    "citation": "url text index details",
    "file": "file_id",
    "list_record": "file_id",
    "message_mention": "channel_id message_ts",
    "salesforce_data_field": "salesforce_record_id",
    "work_object_mention": "entity_id app_id text url",
    "workflow_mention": "workflow_id function_trigger_id text",
}


def test_required_table_lists_every_inline_element() -> None:
    assert set(REQUIRED) == set(INLINE_ELEMENTS)


@pytest.mark.parametrize("kind", INLINE_ELEMENTS)
def test_only_required_inline_fields_must_be_present(
    kind: str, make_example_case: CaseMaker
) -> None:
    fields = REQUIRED[kind].split()
    for field in fields:
        incomplete_case = make_example_case(f"inline/{kind}")
        del incomplete_case.target[field]
        assert incomplete_case.problem_lines() == [
            f"missing required field: {field} @ {incomplete_case.pointer}"
        ]
    case = make_example_case(f"inline/{kind}")
    for field in case.target.keys() - {"type", *fields}:
        del case.target[field]
    assert case.problem_lines() == []


@pytest.mark.parametrize(
    ("path", "invalid"),
    [
        ("text/text", ""),
        ("link/url", "e.org"),
        ("user/user_id", "T1"),
        ("usergroup/usergroup_id", "U1"),
        ("channel/channel_id", "general"),
        ("team/team_id", "E1"),
        ("broadcast/range", "all"),
        ("emoji/name", ""),
        ("date/timestamp", -1),
        ("color/value", "red"),
        ("canvas_message_unfurl/root_message_ts", "yesterday"),
        ("citation/index", -1),
        ("text/style/bold", "true"),
        ("citation/details/citation_type", "memory"),
    ],
)
def test_inline_field_must_be_valid(
    path: str, invalid: object, make_example_case: CaseMaker
) -> None:
    kind, field = path.split("/", 1)
    case = make_example_case(f"inline/{kind}")
    case.replace(field, invalid)
    (problem_line,) = case.problem_lines()
    assert problem_line.endswith(f" @ {case.pointer}/{field}")


@pytest.mark.parametrize(
    ("style", "problem_line"),
    [
        ({}, "must have minimum 1 properties @ {}"),
        ({"loud": True}, "invalid additional property: loud @ {}"),
        ([], "must provide an object @ {}"),
    ],
)
def test_style_must_be_valid(
    style: object, problem_line: str, make_example_case: CaseMaker
) -> None:
    case = make_example_case("inline/text")
    case.replace("style", style)
    assert case.problem_lines() == [problem_line.format(f"{case.pointer}/style")]


@pytest.mark.parametrize(
    ("container", "allowed"),
    [
        ("rich_text_section", set(INLINE_ELEMENTS)),
        ("rich_text_quote", set(INLINE_ELEMENTS)),
        ("rich_text_preformatted", {"text", "link"}),
    ],
)
def test_code_holds_only_text_and_links(
    container: str, allowed: set[str], make_example_case: CaseMaker
) -> None:
    for kind in INLINE_ELEMENTS:
        case = make_example_case(f"containers/{container}")
        case.replace("elements", [make_example_case(f"inline/{kind}").target])
        problem_line = f"unsupported type: {kind} @ {case.pointer}/elements/0/type"
        assert case.problem_lines() == ([] if kind in allowed else [problem_line]), kind


@pytest.mark.parametrize("inner", ["rich_text_list", "rich_text_quote", "text"])
def test_list_holds_only_sections(inner: str, make_example_case: CaseMaker) -> None:
    case = make_example_case("containers/rich_text_list")
    group = "inline" if inner == "text" else "containers"
    case.replace("elements", [make_example_case(f"{group}/{inner}").target])
    assert case.problem_lines() == [f"unsupported type: {inner} @ {case.pointer}/elements/0/type"]


def test_list_needs_item_and_style(make_example_case: CaseMaker) -> None:
    case = make_example_case("containers/rich_text_list")
    case.replace("elements", [])
    assert case.problem_lines() == [f"must provide at least 1 items @ {case.pointer}/elements"]
    del case.target["style"]
    assert case.problem_lines() == [f"missing required field: style @ {case.pointer}"]
    case.target["style"] = "dashed"
    case.replace("elements", [{"type": "rich_text_section", "elements": []}])
    assert case.problem_lines() == [f"must be a valid enum value @ {case.pointer}/style"]


@pytest.mark.parametrize("kind", ["rich_text_list", "rich_text_preformatted", "rich_text_quote"])
def test_border_is_zero_or_one(kind: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(f"containers/{kind}")
    not_in_enum, wrong_type = "must be a valid enum value", "must provide an integer"
    for border, message in ((2, not_in_enum), (True, wrong_type), ("1", wrong_type)):
        case.replace("border", border)
        assert case.problem_lines() == [f"{message} @ {case.pointer}/border"], border


def test_inline_element_needs_a_container() -> None:
    block = {"type": "rich_text", "elements": [{"type": "text", "text": "a"}]}
    (problem,) = check_blocks([block], Surface.MESSAGE)
    assert (problem.message, problem.pointer) == ("unsupported type: text", "/0/elements/0/type")


def test_rich_text_input_initial_value_is_rich_text(make_example_case: CaseMaker) -> None:
    case = make_example_case("elements/rich_text_input")
    case.replace("initial_value", {"type": "section", "elements": []})
    pointer = f"{case.pointer}/initial_value/type"
    assert case.problem_lines() == [f"unsupported type: section @ {pointer}"]
    case.replace("initial_value", "hello")
    assert case.problem_lines() == [f"must provide an object @ {case.pointer}/initial_value"]
