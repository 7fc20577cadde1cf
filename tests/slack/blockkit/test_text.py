"""Escaping, cutting and splitting of texts."""

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
LIMITS = st.integers(1, 40)


def unescape(text: str) -> str:
    """Return what Slack displays for an escaped text."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@given(text=TEXTS)
def test_escaped_text_is_inert_and_displays_the_original(text: str) -> None:
    safe = escape_mrkdwn(text)
    assert "<" not in safe
    assert ">" not in safe
    assert not re.search("&(?!amp;|lt;|gt;)", safe)
    assert unescape(safe) == text


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
def test_exactly_three_characters_are_escaped(text: str, safe: str) -> None:
    assert escape_mrkdwn(text) == safe


@given(text=st.text() | st.text(st.sampled_from("ab <\n"), min_size=140, max_size=400))
def test_notification_is_one_short_line(text: str) -> None:
    shown = unescape(notification_text(text))
    assert len(shown) <= MAX_NOTIFICATION_CHARACTERS
    assert len(shown.splitlines()) <= 1
    assert "<" not in notification_text(text)


def test_cut_notification_ends_with_an_ellipsis_and_a_whole_escape() -> None:
    assert notification_text("x" * 150) == "x" * 150
    assert notification_text("x" * 151) == "x" * 149 + "…"
    assert notification_text("<" * 200) == "&lt;" * 149 + "…"


@given(text=TEXTS, limit=LIMITS)
def test_pages_joined_are_the_text(text: str, limit: int) -> None:
    pages = split_pages(text, limit)
    assert "".join(pages) == text
    assert all(0 < len(page) <= limit for page in pages) or pages == [""]


@given(text=TEXTS, limit=LIMITS)
def test_excerpt_is_the_beginning_and_counts_the_rest(text: str, limit: int) -> None:
    beginning = excerpt(text, limit)
    assert text.startswith(beginning.text)
    assert len(beginning.text) <= limit
    assert len(beginning.text) + beginning.omitted == len(text)
    assert beginning.omitted == 0 or len(beginning.text) > limit // 2


EXCERPTS = [
    ("12345678", 8, Excerpt("12345678", 0)),
    ("123456789", 8, Excerpt("12345678", 1)),
    ("123456 89", 8, Excerpt("123456 ", 2)),
    ("12345\n\n 9", 8, Excerpt("12345\n\n", 2)),
    ("123456\n 9", 8, Excerpt("123456\n", 2)),
    ("12 456789", 8, Excerpt("12 45678", 1)),
]


@pytest.mark.parametrize(("text", "limit", "expected"), EXCERPTS)
def test_excerpt_ends_between_words_if_possible(text: str, limit: int, expected: Excerpt) -> None:
    assert excerpt(text, limit) == expected
