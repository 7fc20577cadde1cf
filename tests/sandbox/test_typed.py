"""What people type, as Slack stores it."""

from __future__ import annotations

import html

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.seen import rich_text, shown_mrkdwn
from bot.sandbox.typed import as_rich_text, as_sent, escaped

WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=80)


@given(WORDS)
def test_escaping_encodes_three_characters_and_can_be_undone(text: str) -> None:
    stored = escaped(text)
    assert "<" not in stored
    assert ">" not in stored
    unescaped = stored.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert unescaped == text
    assert len(stored) == len(text) + 3 * text.count("<") + 3 * text.count(">") + (
        4 * text.count("&")
    )


@given(WORDS)
def test_what_was_typed_reads_the_same_as_rich_text(text: str) -> None:
    block = as_rich_text(text, "b", {})
    assert rich_text(block, str) == text


@given(st.text(st.sampled_from("ab<>&|@. "), max_size=40))
def test_nothing_typed_becomes_a_mention(text: str) -> None:
    sent = as_sent(text, {})
    assert "<@" not in sent
    assert "<!" not in sent


def test_a_name_somebody_has_becomes_a_mention() -> None:
    names = {"ada": "U1"}
    assert as_sent("@ada, ask @bob (or @ada)", names) == "<@U1>, ask @bob (or <@U1>)"
    leaves = as_rich_text("hi @ada!", "b", names)["elements"][0]["elements"]
    assert leaves == [
        {"type": "text", "text": "hi "},
        {"type": "user", "user_id": "U1"},
        {"type": "text", "text": "!"},
    ]


def test_links_and_addresses_are_put_in_brackets() -> None:
    assert as_sent("http://a.example/x?y=1&z=2 ok", {}) == "<http://a.example/x?y=1&amp;z=2> ok"
    assert as_sent("ada@example.com", {}) == "<mailto:ada@example.com|ada@example.com>"
    assert as_sent("no link: a@b", {}) == "no link: a@b"


def test_a_link_reads_as_it_was_typed() -> None:
    for text in ("see https://example.com/a_b_c now", "ask ada@example.com"):
        assert shown_mrkdwn(as_sent(text, {}), str) == text


def test_the_standard_library_agrees_on_the_escapes() -> None:
    assert escaped("<&>") == html.escape("<&>", quote=False)
