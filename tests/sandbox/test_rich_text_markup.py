"""Rich text as people type it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.blockkit import Surface, check_blocks
from bot.sandbox.rich_text_markup import markup_to_rich_text, rich_text_to_markup

TYPED = "*bold* and _slanted_, ~gone~ and `code`\n- one\n- two\n1. first\n> quoted\n```\nx = 1\n```"


def test_marks_become_styles_lists_quotes_and_code() -> None:
    block = markup_to_rich_text(TYPED, "b", {})
    kinds = [element["type"] for element in block["elements"]]
    assert kinds == [
        "rich_text_section",
        "rich_text_list",
        "rich_text_list",
        "rich_text_quote",
        "rich_text_preformatted",
    ]
    leaves = block["elements"][0]["elements"]
    assert leaves[0] == {"type": "text", "text": "bold", "style": {"bold": True}}
    assert block["elements"][2]["style"] == "ordered"
    assert block["elements"][4]["elements"] == [{"type": "text", "text": "x = 1"}]


def test_what_was_typed_can_be_typed_again() -> None:
    block = markup_to_rich_text(TYPED, "b", {})
    again = markup_to_rich_text(rich_text_to_markup(block, {}), "b", {})
    assert again == block


@pytest.mark.parametrize("text", ["2*3*4", "a_b_c", "**", "``", "snake_case"])
def test_marks_inside_words_are_letters(text: str) -> None:
    (section,) = markup_to_rich_text(text, "b", {})["elements"]
    assert "".join(leaf["text"] for leaf in section["elements"]) == text


def test_people_are_mentioned_by_name() -> None:
    block = markup_to_rich_text("ask *@ada*", "b", {"ada": "U1"})
    assert block["elements"][0]["elements"][1] == {
        "type": "user",
        "user_id": "U1",
        "style": {"bold": True},
    }
    assert rich_text_to_markup(block, {"U1": "ada"}) == "ask *@ada*"


@given(st.text(alphabet="ab *_~`>-1.\n", max_size=60))
def test_whatever_is_typed_is_rich_text_that_slack_takes(text: str) -> None:
    block = markup_to_rich_text(text, "b", {})
    assert check_blocks([block], Surface.MESSAGE) == []
