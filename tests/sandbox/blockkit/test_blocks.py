"""Which surface shows which block, what each block requires, and what its fields agree on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.blockkit import Problem, Surface, check_blocks
from bot.sandbox.blockkit.blocks import BLOCKS

CaseMaker = Callable[[str], Any]
OnSurface = Callable[[str, str], Any]

# Which of message, modal and home show it.
SHOWN = {
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


def test_the_table_of_surfaces_names_every_block() -> None:
    assert set(SHOWN) == set(BLOCKS)


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
@pytest.mark.parametrize("kind", SHOWN)
def test_a_block_is_shown_on_its_surfaces_only(
    kind: str, surface: str, on_surface: OnSurface
) -> None:
    refused = [] if surface in SHOWN[kind] else [f"unsupported type: {kind} @ /0/type"]
    assert on_surface(kind, surface).found() == refused


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
def test_some_blocks_are_not_for_apps(block: dict[str, object], surface: Surface) -> None:
    (problem,) = check_blocks([block], surface)
    assert problem.message == f"unsupported type: {block['type']}"
    assert problem.pointer == "/0/type"


def test_an_unsupported_type_comes_with_those_that_are_supported() -> None:
    (problem,) = check_blocks([{"type": "alert"}], Surface.MESSAGE)
    expected = [kind for kind, surfaces in SHOWN.items() if "message" in surfaces]
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
def test_a_block_has_all_it_needs_and_may_leave_out_the_rest(kind: str, case: CaseMaker) -> None:
    made = case(f"blocks/{kind}")
    for field in REQUIRED.get(kind, "").split():
        without = case(f"blocks/{kind}")
        del without.target[field]
        assert without.found() == [f"missing required field: {field} @ /0"]
    one_of = {"section": "text", "card": "title", "container": "title", "image": "image_url"}
    needed = {"type", one_of.get(kind), *REQUIRED.get(kind, "").split()}
    made.payload[0] = {field: value for field, value in made.target.items() if field in needed}
    assert made.found() == []


def test_all_missing_fields_are_named_at_once() -> None:
    problems = check_blocks([{"type": "input", "colour": "red"}], Surface.MODAL)
    assert problems == [
        Problem("missing required field: label", "/0", code="missing_field", field="label"),
        Problem("missing required field: element", "/0", code="missing_field", field="element"),
    ]


@pytest.mark.parametrize("block", [None, "divider", 7, ["divider"], True])
def test_a_block_is_an_object(block: object) -> None:
    assert check_blocks([block], Surface.MESSAGE) == [
        Problem("must provide an object", "/0", code="invalid_type")
    ]


ONE_OF_THESE = [
    ("section", ["text", "fields"]),
    ("card", ["hero_image", "title", "actions", "body"]),
    ("container", ["title", "rich_text_title"]),
    ("image", ["image_url", "slack_file"]),
]


@pytest.mark.parametrize(("kind", "fields"), ONE_OF_THESE)
def test_one_of_some_fields_must_be_there(kind: str, fields: list[str], case: CaseMaker) -> None:
    made = case(f"blocks/{kind}")
    kept = {field: made.target.pop(field) for field in fields if field in made.target}
    listed = " or ".join(f"`{field}`" for field in fields)
    assert made.found() == [f"must define either {listed} @ /0/type"]
    for field, value in kept.items():
        made.target[field] = value
        assert made.found() == []
        del made.target[field]


def test_an_image_comes_from_one_place(case: CaseMaker) -> None:
    made = case("blocks/image")
    made.target["slack_file"] = {"id": "F1"}
    assert made.found() == ["cannot define both `image_url` and `slack_file` @ /0/type"]


def test_a_card_has_one_icon(case: CaseMaker) -> None:
    made = case("blocks/card")
    made.target["slack_icon"] = {"type": "icon", "name": "book"}
    assert made.found() == ["cannot define both `icon` and `slack_icon` @ /0/type"]


def test_a_container_that_starts_collapsed_can_be_opened(case: CaseMaker) -> None:
    made = case("blocks/container")
    made.target["is_collapsible"] = False
    said = "must define `is_collapsible` to use `default_collapsed`"
    assert made.found() == [f"{said} @ /0/default_collapsed"]
    made.target["default_collapsed"] = False
    assert made.found() == []


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_container_holds_simple_blocks_only(kind: str, case: CaseMaker) -> None:
    made = case("blocks/container")
    child = case(f"blocks/{kind}").target
    child["block_id"] = "child"
    made.put("child_blocks", [child])
    simple = "actions|context|divider|header|image|input|rich_text|section|table|video"
    refused = f"unsupported type: {kind} @ /0/child_blocks/0/type"
    assert made.found() == ([] if kind in simple.split("|") else [refused])


def test_a_carousel_holds_cards_only(case: CaseMaker) -> None:
    made = case("blocks/carousel")
    made.put("elements", [{"type": "divider"}])
    assert made.found() == ["unsupported type: divider @ /0/elements/0/type"]


def test_files_cannot_be_dispatched(case: CaseMaker) -> None:
    made = case("elements/file_input")
    block = made.payload[0]
    block["dispatch_action"] = False
    assert made.found() == []
    block["dispatch_action"] = True
    assert made.found() == ["unsupported type: file_input @ /0/element/type"]
    (problem,) = made.check(made.payload)
    assert "plain_text_input" in problem.constraint["expected"]
    assert "file_input" not in problem.constraint["expected"]
    block["element"] = {"type": "plain_text_input"}
    assert made.found() == []


CHOICES = [
    ("alert", "level", ["default", "info", "warning", "error", "success"]),
    ("container", "width", ["narrow", "standard", "wide", "full"]),
    ("task_card", "status", ["pending", "in_progress", "complete", "error"]),
    ("table", "column_settings/1/align", ["left", "center", "right"]),
    ("card/slack_icon", "slack_icon/name", ["archive", "eye-closed", "warning"]),
]


@pytest.mark.parametrize(("kind", "path", "allowed"), CHOICES)
def test_some_fields_have_few_values(
    kind: str, path: str, allowed: list[str], case: CaseMaker
) -> None:
    made = case(f"blocks/{kind}")
    for value in allowed:
        made.put(path, value)
        assert made.found() == []
    made.put(path, "loud")
    assert made.found() == [f"must be a valid enum value @ /0/{path}"]
    made.put(path, 1)
    assert made.found() == [f"must provide a string @ /0/{path}"]


WEB_ONLY = [
    ("image", "image_url", ["https://e.org/a.png", "http://e.org/a.png"]),
    ("video", "thumbnail_url", ["https://e.org/a.png", "http://e.org/a.png"]),
    ("video", "video_url", ["https://e.org/v.mp4"]),
    ("video", "title_url", ["https://e.org/v"]),
]


@pytest.mark.parametrize(("kind", "path", "allowed"), WEB_ONLY)
@pytest.mark.parametrize("refused", ["e.org/a.png", "ftp://e.org/a.png", "https://e org/a.png"])
def test_pictures_and_videos_come_from_the_web(
    kind: str, path: str, allowed: list[str], refused: str, case: CaseMaker
) -> None:
    made = case(f"blocks/{kind}")
    for value in allowed:
        made.put(path, value)
        assert made.found() == []
    made.put(path, refused)
    (complaint,) = made.found()
    assert complaint.startswith("input must match regex pattern: http")
    assert complaint.endswith(f" @ /0/{path}")


def test_a_header_is_plain_text(case: CaseMaker) -> None:
    made = case("blocks/header")
    made.put("text", {"type": "mrkdwn", "text": "*Title*"})
    assert made.found() == ["unsupported type: mrkdwn @ /0/text/type"]


def test_problems_of_several_blocks_come_together() -> None:
    blocks = [{"type": "divider"}, {"type": "header"}, {"type": "nonsense"}]
    assert [(it.message, it.pointer) for it in check_blocks(blocks, Surface.HOME)] == [
        ("missing required field: text", "/1"),
        ("unsupported type: nonsense", "/2/type"),
    ]
