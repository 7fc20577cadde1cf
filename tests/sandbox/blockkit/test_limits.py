"""Length limits of strings, tested at the limit and one character above it.

The tables repeat Slack's documentation by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.blockkit.blocks import BLOCKS
from bot.sandbox.blockkit.elements import ELEMENTS

CaseMaker = Callable[[str], Any]
UpperLimits = Callable[[str], set[tuple[str, str, int]]]


def option(path: str) -> dict[str, int]:
    """Return the length limits of an option at `path`."""
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

# The maximum length of strings that must not be empty.
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
        f"{part}_button/{path}": max_length
        for part in ("positive", "negative")
        for path, max_length in BUTTON.items()
    },
    "elements/icon_button": BUTTON,
    # views
    "views/modal": {"title/text": 24, "submit/text": 24, "close/text": 24},
}

REQUIRED_CHARACTERS: list[tuple[str, str, int]] = [
    *[
        (owner, path, max_length)
        for owner, paths in TEXTS.items()
        for path, max_length in paths.items()
    ],
    *[(f"blocks/{kind}", "block_id", 255) for kind in BLOCKS],
    *[(f"elements/{kind}", "action_id", 255) for kind in ELEMENTS if kind not in WITHOUT_ACTION],
    *[
        (f"elements/{kind}", "placeholder/text", 150)
        for kind in ELEMENTS
        if kind not in WITHOUT_PLACEHOLDER and "button" not in kind
    ],
]

# The maximum length of strings that may be empty.
OPTIONAL_CHARACTERS: list[tuple[str, str, int]] = [
    ("elements/email_text_input", "initial_value", 3000),
    ("elements/url_text_input", "initial_value", 3000),
    ("views/modal", "private_metadata", 3000),
    ("views/modal", "callback_id", 255),
    ("views/modal", "external_id", 255),
    ("views/home", "private_metadata", 3000),
    ("views/home", "callback_id", 255),
    ("views/home", "external_id", 255),
]


def text_of_length(path: str, count: int) -> str:
    """Return a valid string of `count` characters for the field, with multi-byte characters."""
    prefix = "https://e.org/" if path.endswith("url") else ""
    return prefix + "é" * (count - len(prefix))


@pytest.mark.parametrize(("owner", "path", "max_length"), REQUIRED_CHARACTERS + OPTIONAL_CHARACTERS)
def test_string_length_is_limited(
    owner: str, path: str, max_length: int, make_example_case: CaseMaker
) -> None:
    case = make_example_case(owner)
    case.replace(path, "")
    may_be_empty = (owner, path, max_length) in OPTIONAL_CHARACTERS
    empty_line = f"must be more than 0 characters @ {case.pointer}/{path}"
    assert case.problem_lines() == ([] if may_be_empty else [empty_line]), "empty"
    if path.startswith("option"):
        case.target.pop("initial_option", None)
    case.replace(path, text_of_length(path, max_length))
    assert case.problem_lines() == [], "at the limit"
    case.replace(path, text_of_length(path, max_length + 1))
    too_long_line = f"must be less than {max_length + 1} characters @ {case.pointer}/{path}"
    assert case.problem_lines() == [too_long_line], "above the limit"


# Tested with the lists they depend on, in test_data_blocks.py.
TESTED_ELSEWHERE = {
    ("blocks/data_visualization", "chart/axis_config/categories/0", 20),
    ("blocks/data_visualization", "chart/series/0/data/0/label", 20),
}


def test_no_limit_is_untested(list_upper_limits: UpperLimits) -> None:
    tested = {
        ("/".join(owner.split("/")[:2]), path, max_length)
        for owner, path, max_length in REQUIRED_CHARACTERS + OPTIONAL_CHARACTERS
    }
    assert list_upper_limits("StringSchema") - tested == TESTED_ELSEWHERE
