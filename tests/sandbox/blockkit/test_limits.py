"""How long each string may be, at the limit and one beyond it.

The tables are Slack's, written out by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.blockkit.blocks import BLOCKS
from bot.sandbox.blockkit.elements import ELEMENTS

CaseMaker = Callable[[str], Any]
Limits = Callable[[str], set[tuple[str, str, int]]]


def option(path: str) -> dict[str, int]:
    """Return the limits of an option at `path`."""
    return {f"{path}/text/text": 75, f"{path}/value": 150, f"{path}/description/text": 75}


CONFIRM = {
    "confirm/title/text": 100,
    "confirm/text/text": 300,
    "confirm/confirm/text": 30,
    "confirm/deny/text": 30,
}
BUTTON = {"text/text": 75, "value": 2000, "accessibility_label": 75}
WITHOUT_ACTION = {"image", "url"}
WITHOUT_PLACEHOLDER = {
    "checkboxes",
    "radio_buttons",
    "overflow",
    "datetimepicker",
    "file_input",
    "image",
    "url",
}

# How many characters a string may have. All of these must have one at least.
TEXTS: dict[str, dict[str, int]] = {
    # blocks
    "blocks/alert": {"text/text": 200},
    "blocks/card": {
        "title/text": 150,
        "subtitle/text": 150,
        "body/text": 200,
        "subtext/text": 200,
    },
    "blocks/container": {"title/text": 150, "subtitle/text": 150},
    "blocks/context": {"elements/0/text": 3000},
    "blocks/data_visualization": {
        "title": 50,
        "chart/series/0/name": 20,
        "chart/axis_config/x_label": 50,
        "chart/axis_config/y_label": 50,
    },
    "blocks/data_visualization/pie": {"chart/segments/0/label": 20},
    "blocks/header": {"text/text": 150},
    "blocks/image": {"image_url": 3000, "alt_text": 2000, "title/text": 2000},
    "blocks/image/file_url": {"slack_file/url": 3000},
    "blocks/input": {"label/text": 2000, "hint/text": 2000},
    "blocks/markdown": {"text": 12_000},
    "blocks/section": {"text/text": 3000, "fields/0/text": 2000},
    "blocks/video": {
        "title/text": 199,
        "author_name": 49,
        "description/text": 199,
        "alt_text": 2000,
        "video_url": 3000,
        "title_url": 3000,
        "thumbnail_url": 3000,
        "provider_icon_url": 3000,
    },
    # elements
    "elements/button": {**BUTTON, "url": 3000, "agent_prompt": 4000, **CONFIRM},
    "elements/checkboxes": option("options/0"),
    "elements/radio_buttons": option("options/0"),
    "elements/static_select": option("options/0"),
    "elements/static_select/groups": {
        "option_groups/0/label/text": 75,
        **option("option_groups/0/options/0"),
    },
    "elements/multi_static_select": option("options/0"),
    "elements/multi_static_select/groups": {
        "option_groups/0/label/text": 75,
        **option("option_groups/0/options/0"),
    },
    "elements/external_select": option("initial_option"),
    "elements/multi_external_select": option("initial_options/0"),
    "elements/overflow": {**option("options/0"), "options/0/url": 3000},
    "elements/image": {"image_url": 3000, "alt_text": 2000},
    "elements/image/file_url": {"slack_file/url": 3000},
    "elements/workflow_button": {
        "text/text": 75,
        "accessibility_label": 75,
        "workflow/trigger/url": 3000,
    },
    "elements/feedback_buttons": {
        f"{part}_button/{path}": most
        for part in ("positive", "negative")
        for path, most in BUTTON.items()
    },
    "elements/icon_button": BUTTON,
    # views
    "views/modal": {"title/text": 24, "submit/text": 24, "close/text": 24},
}

CHARACTERS: list[tuple[str, str, int]] = [
    *[(owner, path, most) for owner, paths in TEXTS.items() for path, most in paths.items()],
    *[(f"blocks/{kind}", "block_id", 255) for kind in BLOCKS],
    *[(f"elements/{kind}", "action_id", 255) for kind in ELEMENTS if kind not in WITHOUT_ACTION],
    *[
        (f"elements/{kind}", "placeholder/text", 150)
        for kind in ELEMENTS
        if kind not in WITHOUT_PLACEHOLDER and "button" not in kind
    ],
]

# As above, but they may be empty.
CHARACTERS_OR_NONE: list[tuple[str, str, int]] = [
    ("elements/email_text_input", "initial_value", 3000),
    ("elements/url_text_input", "initial_value", 3000),
    ("views/modal", "private_metadata", 3000),
    ("views/modal", "callback_id", 255),
    ("views/modal", "external_id", 255),
    ("views/home", "private_metadata", 3000),
    ("views/home", "callback_id", 255),
    ("views/home", "external_id", 255),
]


def letters(path: str, count: int) -> str:
    """Return a string of `count` characters that fits the field; some are more than one byte."""
    start = "https://e.org/" if path.endswith("url") else ""
    return start + "é" * (count - len(start))


@pytest.mark.parametrize(("owner", "path", "most"), CHARACTERS + CHARACTERS_OR_NONE)
def test_a_string_ends_at_its_limit(owner: str, path: str, most: int, case: CaseMaker) -> None:
    made = case(owner)
    if path.startswith("option"):
        made.target.pop("initial_option", None)
    made.put(path, letters(path, most))
    assert made.found() == []
    made.put(path, letters(path, most + 1))
    assert made.found() == [f"must be less than {most + 1} characters @ {made.pointer}/{path}"]


@pytest.mark.parametrize(("owner", "path", "most"), CHARACTERS)
def test_a_string_has_a_character(owner: str, path: str, most: int, case: CaseMaker) -> None:
    made = case(owner)
    made.put(path, "")
    assert made.found() == [f"must be more than 0 characters @ {made.pointer}/{path}"], most


@pytest.mark.parametrize(("owner", "path", "most"), CHARACTERS_OR_NONE)
def test_some_strings_may_be_empty(owner: str, path: str, most: int, case: CaseMaker) -> None:
    made = case(owner)
    made.put(path, "")
    assert made.found() == [], most


# Tested with what they depend on, in the tests of charts.
ELSEWHERE = {
    ("blocks/data_visualization", "chart/axis_config/categories/0", 20),
    ("blocks/data_visualization", "chart/series/0/data/0/label", 20),
}


def test_no_limit_is_left_untested(limits: Limits) -> None:
    tested = {
        ("/".join(owner.split("/")[:2]), path, most)
        for owner, path, most in CHARACTERS + CHARACTERS_OR_NONE
    }
    assert limits("Text") - tested == ELSEWHERE
