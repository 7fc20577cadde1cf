"""Positions, surfaces and required fields of every element type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.blockkit.elements import ELEMENTS, ElementPosition

CaseMaker = Callable[[str], Any]
ElementCaseMaker = Callable[[str, str, str], Any]

EVERYWHERE = "message modal home"
ANY_INPUT_POSITION = "section.accessory actions input"
MENUS = [
    f"{prefix}{kind}_select"
    for prefix in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
]

# The positions and the surfaces that allow each element.
ALLOWED: dict[str, tuple[str, str]] = {
    "button": ("section.accessory actions", EVERYWHERE),
    "checkboxes": (ANY_INPUT_POSITION, EVERYWHERE),
    "radio_buttons": (ANY_INPUT_POSITION, EVERYWHERE),
    **dict.fromkeys(MENUS, (ANY_INPUT_POSITION, EVERYWHERE)),
    "overflow": ("section.accessory actions", EVERYWHERE),
    "datepicker": (ANY_INPUT_POSITION, EVERYWHERE),
    "timepicker": (ANY_INPUT_POSITION, EVERYWHERE),
    "datetimepicker": ("actions input", "message modal"),
    "plain_text_input": ("input", EVERYWHERE),
    "rich_text_input": ("actions input", "modal home"),
    "email_text_input": ("input", "modal"),
    "url_text_input": ("input", "modal"),
    "number_input": ("input", "modal"),
    "file_input": ("input", "modal"),
    "image": ("section.accessory context", EVERYWHERE),
    "workflow_button": ("section.accessory actions", "message"),
    "feedback_buttons": ("context_actions", "message"),
    "icon_button": ("context_actions", "message"),
    "url": ("task_card.sources", "message"),
}


def test_position_table_lists_every_element() -> None:
    assert set(ALLOWED) == set(ELEMENTS)


# Only messages show the blocks of the last two positions.
POSITION_CASES = [
    (position, surface)
    for position in ("section.accessory", "actions", "input", "context")
    for surface in ("message", "modal", "home")
] + [("context_actions", "message"), ("task_card.sources", "message")]


def test_position_cases_cover_every_position() -> None:
    assert {name for name, _ in POSITION_CASES} == {position.value for position in ElementPosition}


@pytest.mark.parametrize("kind", ALLOWED)
def test_element_is_allowed_only_in_its_positions(
    kind: str, make_element_case: ElementCaseMaker
) -> None:
    positions, surfaces = (names.split() for names in ALLOWED[kind])
    found, expected = {}, {}
    for position, surface in POSITION_CASES:
        case = make_element_case(kind, position, surface)
        is_allowed = position in positions and surface in surfaces
        problem_line = f"unsupported type: {kind} @ {case.pointer}/type"
        expected[position, surface] = [] if is_allowed else [problem_line]
        found[position, surface] = case.problem_lines()
    assert found == expected


REQUIRED = {
    "button": "text",
    "checkboxes": "options",
    "radio_buttons": "options",
    "overflow": "options",
    "rich_text_input": "action_id",
    "number_input": "is_decimal_allowed",
    "image": "alt_text",
    "workflow_button": "text workflow action_id",
    "feedback_buttons": "positive_button negative_button",
    "icon_button": "icon text",
    "url": "url text",
}
ALTERNATIVES = {"static_select": "options", "multi_static_select": "options", "image": "image_url"}


@pytest.mark.parametrize("kind", ELEMENTS)
def test_only_required_element_fields_must_be_present(
    kind: str, make_example_case: CaseMaker
) -> None:
    fields = REQUIRED.get(kind, "").split()
    for field in fields:
        incomplete_case = make_example_case(f"elements/{kind}")
        del incomplete_case.target[field]
        assert incomplete_case.problem_lines() == [
            f"missing required field: {field} @ {incomplete_case.pointer}"
        ]
    case = make_example_case(f"elements/{kind}")
    for field in case.target.keys() - {"type", ALTERNATIVES.get(kind), *fields}:
        del case.target[field]
    assert case.problem_lines() == []


@pytest.mark.parametrize("part", ["positive_button", "negative_button"])
@pytest.mark.parametrize("field", ["text", "value"])
def test_feedback_button_needs_text_and_value(
    part: str, field: str, make_example_case: CaseMaker
) -> None:
    case = make_example_case("elements/feedback_buttons")
    del case.target[part][field]
    assert case.problem_lines() == [f"missing required field: {field} @ {case.pointer}/{part}"]


@pytest.mark.parametrize("kind", ["button", "workflow_button"])
def test_unknown_button_style_is_rejected(kind: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(f"elements/{kind}")
    for style in ("primary", "danger"):
        case.replace("style", style)
        assert case.problem_lines() == []
    case.replace("style", "default")
    assert case.problem_lines() == [f"must be a valid enum value @ {case.pointer}/style"]


def test_unknown_icon_is_rejected(make_example_case: CaseMaker) -> None:
    case = make_example_case("elements/icon_button")
    case.replace("icon", "pencil")
    assert case.problem_lines() == [f"must be a valid enum value @ {case.pointer}/icon"]


@pytest.mark.parametrize("url", ["https://e.org", "slack://app?id=A1", "mailto:a@e.org"])
def test_button_url_may_have_any_scheme(url: str, make_example_case: CaseMaker) -> None:
    case = make_example_case("elements/button")
    case.replace("url", url)
    assert case.problem_lines() == []
    case.replace("url", "e.org")
    (problem_line,) = case.problem_lines()
    assert problem_line.startswith("input must match regex pattern: ")


@pytest.mark.parametrize("field", ["agent_prompt_display", "visible_to_user_ids", "disabled"])
def test_undocumented_button_keys_are_rejected(field: str, make_example_case: CaseMaker) -> None:
    case = make_example_case("elements/button")
    case.target[field] = "x"
    assert case.problem_lines() == [f"invalid additional property: {field} @ {case.pointer}"]


def test_image_has_one_source(make_example_case: CaseMaker) -> None:
    case = make_example_case("elements/image")
    case.target["slack_file"] = {"id": "F1"}
    message = "cannot define both `image_url` and `slack_file`"
    assert case.problem_lines() == [f"{message} @ {case.pointer}/type"]
    del case.target["slack_file"]
    del case.target["image_url"]
    message = "must define either `image_url` or `slack_file`"
    assert case.problem_lines() == [f"{message} @ {case.pointer}/type"]


@pytest.mark.parametrize(
    ("kind", "field", "valid", "invalid"),
    [
        ("users_select", "initial_user", "W1", "C1"),
        ("channels_select", "initial_channel", "G1", "D1"),
        ("multi_users_select", "initial_users/0", "U9", "u9"),
        ("multi_channels_select", "initial_channels/0", "C9", "#general"),
        ("icon_button", "visible_to_user_ids/0", "U9", "Ann"),
    ],
)
def test_users_and_channels_are_given_by_id(
    kind: str, field: str, valid: str, invalid: str, make_example_case: CaseMaker
) -> None:
    case = make_example_case(f"elements/{kind}")
    case.replace(field, valid)
    assert case.problem_lines() == []
    case.replace(field, invalid)
    (problem_line,) = case.problem_lines()
    assert problem_line.startswith("input must match regex pattern: ")
    assert problem_line.endswith(f" @ {case.pointer}/{field}")


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("multi_users_select", "initial_users"),
        ("multi_conversations_select", "initial_conversations"),
        ("multi_channels_select", "initial_channels"),
        ("icon_button", "visible_to_user_ids"),
    ],
)
def test_ids_in_lists_are_unique(kind: str, field: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(f"elements/{kind}")
    case.replace(field, case.get(field)[:1] * 2)
    assert case.problem_lines() == [f"Input contains duplicate items @ {case.pointer}/{field}"]
