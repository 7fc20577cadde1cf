"""Typed text as Slack stores it."""

from __future__ import annotations

import html

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.composer_text import escape_mrkdwn, to_mrkdwn, to_rich_text_block
from bot.sandbox.visible_text import render_mrkdwn, render_rich_text

WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=80)


@given(WORDS)
def test_only_three_characters_are_escaped(text: str) -> None:
    stored = escape_mrkdwn(text)
    assert "<" not in stored
    assert ">" not in stored
    unescaped = stored.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert unescaped == text
    assert len(stored) == len(text) + 3 * text.count("<") + 3 * text.count(">") + (
        4 * text.count("&")
    )


@given(WORDS)
def test_rich_text_block_shows_the_typed_text(text: str) -> None:
    block = to_rich_text_block(text, "b", {})
    assert render_rich_text(block, str) == text


@given(st.text(st.sampled_from("ab<>&|@. "), max_size=40))
def test_typed_brackets_never_become_a_mention(text: str) -> None:
    stored = to_mrkdwn(text, {})
    assert "<@" not in stored
    assert "<!" not in stored


def test_user_name_becomes_a_mention() -> None:
    user_ids = {"ada": "U1"}
    assert to_mrkdwn("@ada, ask @bob (or @ada)", user_ids) == "<@U1>, ask @bob (or <@U1>)"
    leaves = to_rich_text_block("hi @ada!", "b", user_ids)["elements"][0]["elements"]
    assert leaves == [
        {"type": "text", "text": "hi "},
        {"type": "user", "user_id": "U1"},
        {"type": "text", "text": "!"},
    ]


def test_links_and_addresses_are_bracketed() -> None:
    assert to_mrkdwn("http://a.example/x?y=1&z=2 ok", {}) == "<http://a.example/x?y=1&amp;z=2> ok"
    assert to_mrkdwn("ada@example.com", {}) == "<mailto:ada@example.com|ada@example.com>"
    assert to_mrkdwn("no link: a@b", {}) == "no link: a@b"


def test_link_is_shown_as_typed() -> None:
    for text in ("see https://example.com/a_b_c now", "ask ada@example.com"):
        assert render_mrkdwn(to_mrkdwn(text, {}), str) == text


def test_escapes_match_the_standard_library() -> None:
    assert escape_mrkdwn("<&>") == html.escape("<&>", quote=False)
