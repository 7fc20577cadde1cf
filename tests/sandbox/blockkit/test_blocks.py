"""Surfaces, required fields and field rules of every block type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.blockkit import Problem, Surface, check_blocks
from bot.sandbox.blockkit.blocks import BLOCKS

CaseMaker = Callable[[str], Any]
BlockCaseMaker = Callable[[str, str], Any]

# The surfaces that allow each block.
SURFACES = {
    "actions": "message modal home",
    "alert": "modal",
    "call": "message",
    "card": "message modal home",
    "carousel": "message home",
    "container": "message home",
    "context": "message modal home",
    "context_actions": "message",
    "data_table": "message home",
    "data_visualization": "message home",
    "divider": "message modal home",
    "header": "message modal home",
    "image": "message modal home",
    "input": "message modal home",
    "markdown": "message",
    "plan": "message",
    "rich_text": "message modal home",
    "section": "message modal home",
    "table": "message home",
    "task_card": "message",
    "video": "message modal home",
}


def test_surface_table_lists_every_block() -> None:
    assert set(SURFACES) == set(BLOCKS)


@pytest.mark.parametrize("kind", SURFACES)
def test_block_is_allowed_only_on_its_surfaces(kind: str, make_block_case: BlockCaseMaker) -> None:
    surfaces = ("message", "modal", "home")
    found = {surface: make_block_case(kind, surface).problem_lines() for surface in surfaces}
    rejected = [f"unsupported type: {kind} @ /0/type"]
    allowed = SURFACES[kind].split()
    assert found == {surface: [] if surface in allowed else rejected for surface in surfaces}


@pytest.mark.parametrize("surface", Surface)
@pytest.mark.parametrize(
    "block",
    [
        {"type": "file", "external_id": "f", "source": "remote"},
        {
            "type": "auth_provider",
            "value": "v",
            "name": {"type": "plain_text", "text": "n"},
            "is_connected": True,
        },
    ],
)
def test_blocks_reserved_for_slack_are_rejected(block: dict[str, object], surface: Surface) -> None:
    (problem,) = check_blocks([block], surface)
    assert problem.message == f"unsupported type: {block['type']}"
    assert problem.pointer == "/0/type"


def test_unsupported_type_lists_supported_types() -> None:
    (problem,) = check_blocks([{"type": "alert"}], Surface.MESSAGE)
    expected = [kind for kind, surfaces in SURFACES.items() if "message" in surfaces]
    assert problem.code == "failed_constraint"
    assert problem.constraint == {"type": "enum", "expected": expected}


REQUIRED = {
    "actions": "elements",
    "alert": "text",
    "call": "call_id",
    "carousel": "elements",
    "container": "child_blocks",
    "context": "elements",
    "context_actions": "elements",
    "data_table": "caption rows",
    "data_visualization": "title chart",
    "header": "text",
    "image": "alt_text",
    "input": "label element",
    "markdown": "text",
    "plan": "title",
    "rich_text": "elements",
    "table": "rows",
    "task_card": "task_id title",
    "video": "alt_text title thumbnail_url video_url",
}


@pytest.mark.parametrize("kind", BLOCKS)
def test_only_required_block_fields_must_be_present(
    kind: str, make_example_case: CaseMaker
) -> None:
    case = make_example_case(f"blocks/{kind}")
    for field in REQUIRED.get(kind, "").split():
        incomplete_case = make_example_case(f"blocks/{kind}")
        del incomplete_case.target[field]
        assert incomplete_case.problem_lines() == [f"missing required field: {field} @ /0"]
    alternatives = {"section": "text", "card": "title", "container": "title", "image": "image_url"}
    required = {"type", alternatives.get(kind), *REQUIRED.get(kind, "").split()}
    case.payload[0] = {field: value for field, value in case.target.items() if field in required}
    assert case.problem_lines() == []


def test_all_missing_fields_are_reported_together() -> None:
    problems = check_blocks([{"type": "input", "color": "red"}], Surface.MODAL)
    assert problems == [
        Problem("missing required field: label", "/0", code="missing_field", field="label"),
        Problem("missing required field: element", "/0", code="missing_field", field="element"),
    ]


@pytest.mark.parametrize("block", [None, "divider", 7, ["divider"], True])
def test_block_must_be_object(block: object) -> None:
    assert check_blocks([block], Surface.MESSAGE) == [
        Problem("must provide an object", "/0", code="invalid_type")
    ]


ALTERNATIVE_FIELDS = [
    ("section", ["text", "fields"]),
    ("card", ["hero_image", "title", "actions", "body"]),
    ("container", ["title", "rich_text_title"]),
    ("image", ["image_url", "slack_file"]),
]


@pytest.mark.parametrize(("kind", "fields"), ALTERNATIVE_FIELDS)
def test_block_needs_one_of_alternative_fields(
    kind: str, fields: list[str], make_example_case: CaseMaker
) -> None:
    case = make_example_case(f"blocks/{kind}")
    removed = {field: case.target.pop(field) for field in fields if field in case.target}
    listed = " or ".join(f"`{field}`" for field in fields)
    assert case.problem_lines() == [f"must define either {listed} @ /0/type"]
    for field, value in removed.items():
        case.target[field] = value
        assert case.problem_lines() == []
        del case.target[field]


def test_image_has_one_source(make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/image")
    case.target["slack_file"] = {"id": "F1"}
    assert case.problem_lines() == ["cannot define both `image_url` and `slack_file` @ /0/type"]


def test_card_has_one_icon(make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/card")
    case.target["slack_icon"] = {"type": "icon", "name": "book"}
    assert case.problem_lines() == ["cannot define both `icon` and `slack_icon` @ /0/type"]


def test_default_collapsed_needs_collapsible_container(make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/container")
    case.target["is_collapsible"] = False
    message = "must define `is_collapsible` to use `default_collapsed`"
    assert case.problem_lines() == [f"{message} @ /0/default_collapsed"]
    case.target["default_collapsed"] = False
    assert case.problem_lines() == []


@pytest.mark.parametrize("kind", BLOCKS)
def test_container_rejects_complex_child_blocks(kind: str, make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/container")
    child = make_example_case(f"blocks/{kind}").target
    child["block_id"] = "child"
    case.replace("child_blocks", [child])
    allowed = "actions|context|divider|header|image|input|rich_text|section|table|video"
    problem_line = f"unsupported type: {kind} @ /0/child_blocks/0/type"
    assert case.problem_lines() == ([] if kind in allowed.split("|") else [problem_line])


def test_carousel_holds_only_cards(make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/carousel")
    case.replace("elements", [{"type": "divider"}])
    assert case.problem_lines() == ["unsupported type: divider @ /0/elements/0/type"]


def test_file_input_cannot_dispatch_actions(make_example_case: CaseMaker) -> None:
    case = make_example_case("elements/file_input")
    block = case.payload[0]
    block["dispatch_action"] = False
    assert case.problem_lines() == []
    block["dispatch_action"] = True
    assert case.problem_lines() == ["unsupported type: file_input @ /0/element/type"]
    (problem,) = case.check(case.payload)
    assert "plain_text_input" in problem.constraint["expected"]
    assert "file_input" not in problem.constraint["expected"]
    block["element"] = {"type": "plain_text_input"}
    assert case.problem_lines() == []


ENUM_FIELDS = [
    ("alert", "level", ["default", "info", "warning", "error", "success"]),
    ("container", "width", ["narrow", "standard", "wide", "full"]),
    ("task_card", "status", ["pending", "in_progress", "complete", "error"]),
    ("table", "column_settings/1/align", ["left", "center", "right"]),
    ("card/slack_icon", "slack_icon/name", ["archive", "eye-closed", "warning"]),
]


@pytest.mark.parametrize(("kind", "path", "allowed"), ENUM_FIELDS)
def test_enum_field_rejects_other_values(
    kind: str, path: str, allowed: list[str], make_example_case: CaseMaker
) -> None:
    case = make_example_case(f"blocks/{kind}")
    for value in allowed:
        case.replace(path, value)
        assert case.problem_lines() == []
    case.replace(path, "loud")
    assert case.problem_lines() == [f"must be a valid enum value @ /0/{path}"]
    case.replace(path, 1)
    assert case.problem_lines() == [f"must provide a string @ /0/{path}"]


WEB_URL_FIELDS = [
    ("image", "image_url", ["https://e.org/a.png", "http://e.org/a.png"]),
    ("video", "thumbnail_url", ["https://e.org/a.png", "http://e.org/a.png"]),
    ("video", "video_url", ["https://e.org/v.mp4"]),
    ("video", "title_url", ["https://e.org/v"]),
]


@pytest.mark.parametrize(("kind", "path", "allowed"), WEB_URL_FIELDS)
def test_image_and_video_urls_must_be_web_urls(
    kind: str, path: str, allowed: list[str], make_example_case: CaseMaker
) -> None:
    case = make_example_case(f"blocks/{kind}")
    for value in allowed:
        case.replace(path, value)
        assert case.problem_lines() == [], value
    for value in ("e.org/a.png", "ftp://e.org/a.png", "https://e org/a.png"):
        case.replace(path, value)
        (problem_line,) = case.problem_lines()
        assert problem_line.startswith("input must match regex pattern: http"), value
        assert problem_line.endswith(f" @ /0/{path}"), value


def test_header_is_plain_text(make_example_case: CaseMaker) -> None:
    case = make_example_case("blocks/header")
    case.replace("text", {"type": "mrkdwn", "text": "*Title*"})
    assert case.problem_lines() == ["unsupported type: mrkdwn @ /0/text/type"]


def test_problems_of_all_blocks_are_reported() -> None:
    blocks = [{"type": "divider"}, {"type": "header"}, {"type": "nonsense"}]
    assert [
        (problem.message, problem.pointer) for problem in check_blocks(blocks, Surface.HOME)
    ] == [
        ("missing required field: text", "/1"),
        ("unsupported type: nonsense", "/2/type"),
    ]
