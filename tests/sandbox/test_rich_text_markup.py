"""Conversion between typed markup and rich text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.blockkit import Surface, check_blocks
from bot.sandbox.composer_text import Mentions
from bot.sandbox.rich_text_markup import markup_to_rich_text, rich_text_to_markup

MARKUP = (
    "*bold* and _slanted_, ~gone~ and `code`\n- one\n- two\n1. first\n> quoted\n```\nx = 1\n```"
)


def test_markup_becomes_styles_lists_quotes_and_code() -> None:
    block = markup_to_rich_text(MARKUP, "b", Mentions())
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


def test_markup_survives_a_round_trip() -> None:
    block = markup_to_rich_text(MARKUP, "b", Mentions())
    reparsed = markup_to_rich_text(rich_text_to_markup(block, {}), "b", Mentions())
    assert reparsed == block


@pytest.mark.parametrize("text", ["2*3*4", "a_b_c", "**", "``", "snake_case"])
def test_marks_inside_words_are_text(text: str) -> None:
    (section,) = markup_to_rich_text(text, "b", Mentions())["elements"]
    assert "".join(leaf["text"] for leaf in section["elements"]) == text


def test_users_are_mentioned_by_name() -> None:
    block = markup_to_rich_text("ask *@ada*", "b", Mentions(users={"@ada": "U1"}))
    assert block["elements"][0]["elements"][1] == {
        "type": "user",
        "user_id": "U1",
        "style": {"bold": True},
    }
    assert rich_text_to_markup(block, {"U1": "@ada"}) == "ask *@ada*"


def test_code_stays_as_it_was_typed() -> None:
    text = "`ask@example.com :smile: main.py` and *main.py*"
    code, between, link = markup_to_rich_text(text, "b", Mentions())["elements"][0]["elements"]
    assert code["text"] == "ask@example.com :smile: main.py"
    assert (code["style"], between["text"]) == ({"code": True}, " and ")
    assert (link["type"], link["style"]) == ("link", {"bold": True})


def test_everything_that_can_be_typed_survives_a_round_trip() -> None:
    mentions = Mentions({"@ada": "U1"}, {"#general": "C1"}, {"@raters": "S1"}, has_broadcasts=True)
    text = (
        "@ada #general @raters @here :wave::skin-tone-3: :smile: bob@example.com python.org "
        "https://example.com/a <https://example.com|a label> +1 415-555-0123"
    )
    block = markup_to_rich_text(text, "b", mentions)
    kinds = [leaf["type"] for leaf in block["elements"][0]["elements"] if leaf["type"] != "text"]
    assert kinds == [
        *["user", "channel", "usergroup", "broadcast", "emoji", "emoji"],
        *["link"] * 5,
    ]
    assert rich_text_to_markup(block, mentions.names_by_id()) == text


@given(st.text(alphabet="ab *_~`>-1.\n", max_size=60))
def test_any_text_becomes_valid_rich_text(text: str) -> None:
    block = markup_to_rich_text(text, "b", Mentions())
    assert check_blocks([block], Surface.MESSAGE) == []
