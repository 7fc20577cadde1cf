"""Texts made safe and cut: nothing is lost, and nothing of a notification is alive."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.blockkit.text import (
    MAX_NOTIFICATION_CHARACTERS,
    Excerpt,
    escape_mrkdwn,
    excerpt,
    notification_text,
    split_pages,
)

TEXTS = st.text(st.sampled_from("ab \n<>&;*_`"), max_size=120) | st.text(max_size=60)
ROOMS = st.integers(1, 40)


def unescaped(text: str) -> str:
    """Return what Slack shows for an escaped text."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@given(text=TEXTS)
def test_an_escaped_text_holds_nothing_alive_and_shows_what_was_written(text: str) -> None:
    safe = escape_mrkdwn(text)
    assert "<" not in safe
    assert ">" not in safe
    assert not re.search("&(?!amp;|lt;|gt;)", safe)
    assert unescaped(safe) == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U1>", "&lt;@U1&gt;"),
        ("<https://x|y>", "&lt;https://x|y&gt;"),
        ("&lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
        ("a & b", "a &amp; b"),
        ("*bold* `code`", "*bold* `code`"),
    ],
)
def test_exactly_slacks_three_characters_are_escaped(text: str, safe: str) -> None:
    assert escape_mrkdwn(text) == safe


@given(text=st.text() | st.text(st.sampled_from("ab <\n"), min_size=140, max_size=400))
def test_a_notification_is_one_line_of_bearable_length(text: str) -> None:
    shown = unescaped(notification_text(text))
    assert len(shown) <= MAX_NOTIFICATION_CHARACTERS
    assert len(shown.splitlines()) <= 1
    assert "<" not in notification_text(text)


def test_a_notification_that_was_cut_says_so_and_never_cuts_an_escape() -> None:
    assert notification_text("x" * 150) == "x" * 150
    assert notification_text("x" * 151) == "x" * 149 + "…"
    assert notification_text("<" * 200) == "&lt;" * 149 + "…"


@given(text=TEXTS, room=ROOMS)
def test_the_pages_of_a_text_are_the_text(text: str, room: int) -> None:
    found = split_pages(text, room)
    assert "".join(found) == text
    assert all(0 < len(page) <= room for page in found) or found == [""]


@given(text=TEXTS, room=ROOMS)
def test_a_piece_is_the_beginning_and_counts_the_rest(text: str, room: int) -> None:
    cut = excerpt(text, room)
    assert text.startswith(cut.text)
    assert len(cut.text) <= room
    assert len(cut.text) + cut.omitted == len(text)
    assert cut.omitted == 0 or len(cut.text) > room // 2


CUTS = [
    ("12345678", 8, Excerpt("12345678", 0)),
    ("123456789", 8, Excerpt("12345678", 1)),
    ("123456 89", 8, Excerpt("123456 ", 2)),
    ("12345\n\n 9", 8, Excerpt("12345\n\n", 2)),
    ("123456\n 9", 8, Excerpt("123456\n", 2)),
    ("12 456789", 8, Excerpt("12 45678", 1)),
]


@pytest.mark.parametrize(("text", "room", "cut"), CUTS)
def test_a_text_is_cut_between_words_if_one_ends_nearby(text: str, room: int, cut: Excerpt) -> None:
    assert excerpt(text, room) == cut
