"""Where each element may sit and on which surfaces, and what each requires."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.blockkit.elements import ELEMENTS, ElementPosition

CaseMaker = Callable[[str], Any]
InPlace = Callable[[str, str, str], Any]

EVERYWHERE = "message modal home"
ALL_THREE = "section.accessory actions input"
MENUS = [
    f"{several}{kind}_select"
    for several in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
]

# Where it may sit, and which of message, modal and home show it.
PLACED: dict[str, tuple[str, str]] = {
    "button": ("section.accessory actions", EVERYWHERE),
    "checkboxes": (ALL_THREE, EVERYWHERE),
    "radio_buttons": (ALL_THREE, EVERYWHERE),
    **dict.fromkeys(MENUS, (ALL_THREE, EVERYWHERE)),
    "overflow": ("section.accessory actions", EVERYWHERE),
    "datepicker": (ALL_THREE, EVERYWHERE),
    "timepicker": (ALL_THREE, EVERYWHERE),
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


def test_the_table_of_places_names_every_element() -> None:
    assert set(PLACED) == set(ELEMENTS)


# Only messages show the blocks of the last two places.
SPOTS = [
    (place, surface)
    for place in ("section.accessory", "actions", "input", "context")
    for surface in ("message", "modal", "home")
] + [("context_actions", "message"), ("task_card.sources", "message")]


def test_the_spots_name_every_place() -> None:
    assert {place for place, _ in SPOTS} == {place.value for place in ElementPosition}


@pytest.mark.parametrize(("place", "surface"), SPOTS)
@pytest.mark.parametrize("kind", PLACED)
def test_an_element_sits_in_its_places_only(
    kind: str, place: str, surface: str, in_place: InPlace
) -> None:
    made = in_place(kind, place, surface)
    places, surfaces = PLACED[kind]
    allowed = place in places.split() and surface in surfaces.split()
    refused = f"unsupported type: {kind} @ {made.pointer}/type"
    assert made.found() == ([] if allowed else [refused])


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
ONE_OF = {"static_select": "options", "multi_static_select": "options", "image": "image_url"}


@pytest.mark.parametrize("kind", ELEMENTS)
def test_an_element_has_all_it_needs_and_may_leave_out_the_rest(kind: str, case: CaseMaker) -> None:
    fields = REQUIRED.get(kind, "").split()
    for field in fields:
        without = case(f"elements/{kind}")
        del without.target[field]
        assert without.found() == [f"missing required field: {field} @ {without.pointer}"]
    made = case(f"elements/{kind}")
    for field in made.target.keys() - {"type", ONE_OF.get(kind), *fields}:
        del made.target[field]
    assert made.found() == []


@pytest.mark.parametrize("part", ["positive_button", "negative_button"])
@pytest.mark.parametrize("field", ["text", "value"])
def test_each_feedback_button_says_something(part: str, field: str, case: CaseMaker) -> None:
    made = case("elements/feedback_buttons")
    del made.target[part][field]
    assert made.found() == [f"missing required field: {field} @ {made.pointer}/{part}"]


@pytest.mark.parametrize("kind", ["button", "workflow_button"])
def test_a_button_has_two_styles(kind: str, case: CaseMaker) -> None:
    made = case(f"elements/{kind}")
    for style in ("primary", "danger"):
        made.put("style", style)
        assert made.found() == []
    made.put("style", "default")
    assert made.found() == [f"must be a valid enum value @ {made.pointer}/style"]


def test_an_icon_button_has_one_icon(case: CaseMaker) -> None:
    made = case("elements/icon_button")
    made.put("icon", "pencil")
    assert made.found() == [f"must be a valid enum value @ {made.pointer}/icon"]


@pytest.mark.parametrize("url", ["https://e.org", "slack://app?id=A1", "mailto:a@e.org"])
def test_a_button_opens_any_address(url: str, case: CaseMaker) -> None:
    made = case("elements/button")
    made.put("url", url)
    assert made.found() == []
    made.put("url", "e.org")
    (complaint,) = made.found()
    assert complaint.startswith("input must match regex pattern: ")


@pytest.mark.parametrize("field", ["agent_prompt_display", "visible_to_user_ids", "disabled"])
def test_a_button_has_no_undocumented_keys(field: str, case: CaseMaker) -> None:
    made = case("elements/button")
    made.target[field] = "x"
    assert made.found() == [f"invalid additional property: {field} @ {made.pointer}"]


def test_an_image_comes_from_one_place(case: CaseMaker) -> None:
    made = case("elements/image")
    made.target["slack_file"] = {"id": "F1"}
    said = "cannot define both `image_url` and `slack_file`"
    assert made.found() == [f"{said} @ {made.pointer}/type"]
    del made.target["slack_file"]
    del made.target["image_url"]
    said = "must define either `image_url` or `slack_file`"
    assert made.found() == [f"{said} @ {made.pointer}/type"]
