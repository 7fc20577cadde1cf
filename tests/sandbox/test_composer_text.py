"""Typed text as Slack stores it."""

from __future__ import annotations

import html
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import Sandbox, SimulatedUser
from bot.sandbox.blockkit import Surface, check_blocks
from bot.sandbox.composer_text import Mentions, escape_mrkdwn, to_mrkdwn, to_rich_text_block
from bot.sandbox.emoji import show_emoji
from bot.sandbox.visible_text import render_mrkdwn, render_rich_text
from tests.sandbox.receiver import Receiver

Json = dict[str, Any]

NOBODY = Mentions()
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
    block = to_rich_text_block(text, "b", NOBODY)
    assert render_rich_text(block, str) == show_emoji(text)


@given(st.text(st.sampled_from("ab<>&|@. "), max_size=40))
def test_typed_brackets_never_become_a_mention(text: str) -> None:
    stored = to_mrkdwn(text, NOBODY)
    assert "<@" not in stored
    assert "<!" not in stored


def test_user_name_becomes_a_mention() -> None:
    mentions = Mentions(users={"@ada": "U1"})
    assert to_mrkdwn("@ada, ask @bob (or @ada)", mentions) == "<@U1>, ask @bob (or <@U1>)"
    leaves = to_rich_text_block("hi @ada!", "b", mentions)["elements"][0]["elements"]
    assert leaves == [
        {"type": "text", "text": "hi "},
        {"type": "user", "user_id": "U1"},
        {"type": "text", "text": "!"},
    ]


def test_links_and_addresses_are_bracketed() -> None:
    assert (
        to_mrkdwn("http://a.example/x?y=1&z=2 ok", NOBODY) == "<http://a.example/x?y=1&amp;z=2> ok"
    )
    assert to_mrkdwn("ada@example.com", NOBODY) == "<mailto:ada@example.com|ada@example.com>"
    assert to_mrkdwn("no link: a@b", NOBODY) == "no link: a@b"


def elements(text: str, mentions: Mentions = NOBODY) -> list[Json]:
    block = to_rich_text_block(text, "b", mentions)
    assert check_blocks([block], Surface.MESSAGE) == []
    leaves: list[Json] = block["elements"][0]["elements"]
    return [leaf for leaf in leaves if leaf["type"] != "text"]


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("https://example.com/a?b=1&c", "https://example.com/a?b=1&c"),
        ("bob@example.com", "mailto:bob@example.com"),
        ("first.last+tag@mail.example.co.uk", "mailto:first.last+tag@mail.example.co.uk"),
        ("python.org", "http://python.org"),
        ("www.python.org/about?a=1#b", "http://www.python.org/about?a=1#b"),
        ("main.py", "http://main.py"),
        ("README.md", "http://README.md"),
        ("example.com:8080/x", "http://example.com:8080/x"),
        ("+1 (415) 555-0123", "tel:+14155550123"),
        ("415-555-0123", "tel:4155550123"),
    ],
)
def test_typed_address_is_a_link(typed: str, url: str) -> None:
    label = {} if url == typed else {"text": typed}
    link = {"type": "link", "url": url} | label
    for text in (typed, f"write to {typed}", f"({typed})", f"see {typed}.", f"{typed}, please"):
        assert elements(text) == [link], text
        assert render_mrkdwn(to_mrkdwn(text, NOBODY), str) == text
    escaped = escape_mrkdwn(url)
    assert to_mrkdwn(typed, NOBODY) == f"<{escaped}|{typed}>" if label else f"<{escaped}>"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "no link: a@b",
            "1.5 or 3.14",
            "e.g. this",
            "end.Start",
            "a.b",
            "main.js",
            "x.pyz",
            "...",
        ),
        *(
            "...",
            "2026-11-29",
            "12:30:45",
            "+12",
            "1 000 000",
            "100-200",
            "@nobody",
            "#nothing",
            "C#",
        ),
        *(":unknown:", "a :zz: c", "::", "std::vector", "`main.py`", "`:smile:`", "```a@b.com```"),
    ],
)
def test_other_text_stays_text(text: str) -> None:
    assert elements(text) == []
    assert to_mrkdwn(text, NOBODY) == escape_mrkdwn(text)


def test_typed_emoji_are_elements() -> None:
    smile = {"type": "emoji", "name": "smile", "unicode": "1f604"}
    wave = {"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fc", "skin_tone": 3}
    heart = {"type": "emoji", "name": "heart", "unicode": "2764-fe0f"}
    assert elements(":smile: a :heart:!") == elements("😄 a ❤️!") == [smile, heart]
    assert elements(":wave::skin-tone-3:") == elements("👋🏼") == [wave]
    assert to_mrkdwn("😄 and 👋🏼", NOBODY) == ":smile: and :wave::skin-tone-3:"


def test_typed_names_are_mentions() -> None:
    mentions = Mentions({"@ada": "U1"}, {"#general": "C1"}, {"@raters": "S1"}, has_broadcasts=True)
    text = "@ada #general @raters @here #other @channels"
    assert elements(text, mentions) == [
        {"type": "user", "user_id": "U1"},
        {"type": "channel", "channel_id": "C1"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "broadcast", "range": "here"},
    ]
    assert to_mrkdwn(text, mentions) == (
        "<@U1> <#C1|general> <!subteam^S1|@raters> <!here> #other @channels"
    )
    assert elements("@here", Mentions()) == [], "in direct messages"


def test_mentions_are_what_the_user_can_see(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver
) -> None:
    general = sandbox.add_channel("general", members=[ada])
    sandbox.add_channel("secret", private=True)
    raters = sandbox.add_usergroup([ada], handle="raters")
    for channel in (general, None):
        ada.send_message("#general #secret @raters @here", channel=channel)
    sandbox.wait_until(lambda: len(receiver.payloads("message")) == 2)
    texts = {payload["event"]["text"] for payload in receiver.payloads("message")}
    shared = f"<#{general.id}|general> #secret <!subteam^{raters}|@raters>"
    assert texts == {f"{shared} <!here>", f"{shared} @here"}
    ada.wait_for_text("#general #secret @raters @here")


def test_link_is_shown_as_typed() -> None:
    for text in ("see https://example.com/a_b_c now", "ask ada@example.com"):
        assert render_mrkdwn(to_mrkdwn(text, NOBODY), str) == text


def test_escapes_match_the_standard_library() -> None:
    assert escape_mrkdwn("<&>") == html.escape("<&>", quote=False)
