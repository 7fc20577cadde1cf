"""What a person typed, read back as Markdown: bold, lists and code survive, and no word is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.parsing.message_text import message_markdown, unescape_mrkdwn

Node = dict[str, Any]


def leaf(text: str, *styles: str) -> Node:
    """Return a text leaf."""
    style = {"style": dict.fromkeys(styles, True)} if styles else {}
    return {"type": "text", "text": text, **style}


def section(*leaves: Node) -> Node:
    """Return a paragraph."""
    return {"type": "rich_text_section", "elements": list(leaves)}


def message(*elements: Node, text: str = "fallback") -> Node:
    """Return a typed message."""
    return {"text": text, "blocks": [{"type": "rich_text", "elements": list(elements)}]}


def listed(style: str, *items: Node, **more: int) -> Node:
    """Return a list."""
    return {"type": "rich_text_list", "style": style, "elements": list(items), **more}


WRITTEN: list[tuple[str, Node, str]] = [
    ("plain", message(section(leaf("Hello there."))), "Hello there."),
    ("two lines", message(section(leaf("One\n\nTwo"))), "One\n\nTwo"),
    ("bold", message(section(leaf("a "), leaf("b", "bold"), leaf(" c"))), "a **b** c"),
    ("italic", message(section(leaf("b", "italic"))), "_b_"),
    ("struck", message(section(leaf("b", "strike"))), "~~b~~"),
    ("code", message(section(leaf("b", "code"))), "`b`"),
    ("bold and italic", message(section(leaf("b", "bold", "italic"))), "**_b_**"),
    ("bold code", message(section(leaf("b", "bold", "code"))), "**`b`**"),
    ("spaces stay outside the marks", message(section(leaf(" b ", "bold"), leaf("c"))), " **b** c"),
    ("a style on spaces only", message(section(leaf("a"), leaf("  ", "bold"), leaf("b"))), "a  b"),
    ("a letter that begins and ends", message(section(leaf("bob", "bold"))), "**bob**"),
    (
        "a link with words",
        message(section({"type": "link", "url": "https://x.y", "text": "here"})),
        "[here](https://x.y)",
    ),
    ("a bare link", message(section({"type": "link", "url": "https://x.y"})), "https://x.y"),
    (
        "a link that is its own words",
        message(section({"type": "link", "url": "https://x.y", "text": "https://x.y"})),
        "https://x.y",
    ),
    (
        "an emoji",
        message(section({"type": "emoji", "name": "thumbsup", "unicode": "1f44d-1f3fd"})),
        "\U0001f44d\U0001f3fd",
    ),
    ("an emoji of their own", message(section({"type": "emoji", "name": "shipit"})), ":shipit:"),
    (
        "an emoji with nonsense",
        message(section({"type": "emoji", "name": "x", "unicode": "zz"})),
        ":x:",
    ),
    ("a person", message(section({"type": "user", "user_id": "U1"})), "@U1"),
    ("a group", message(section({"type": "usergroup", "usergroup_id": "S1"})), "@S1"),
    ("a channel", message(section({"type": "channel", "channel_id": "C1"})), "#C1"),
    ("everybody", message(section({"type": "broadcast", "range": "channel"})), "@channel"),
    ("a colour", message(section({"type": "color", "value": "#ff00aa"})), "#ff00aa"),
    (
        "a date",
        message(section({"type": "date", "timestamp": 1, "format": "x", "fallback": "Monday"})),
        "Monday",
    ),
    (
        "bullets",
        message(listed("bullet", section(leaf("one")), section(leaf("two", "bold")))),
        "- one\n- **two**",
    ),
    (
        "numbers that go on",
        message(listed("ordered", section(leaf("c")), section(leaf("d")), offset=2)),
        "3. c\n4. d",
    ),
    (
        "a list in a list",
        message(
            listed("bullet", section(leaf("one"))),
            listed("bullet", section(leaf("inner")), indent=1),
            listed("bullet", section(leaf("two"))),
        ),
        "- one\n   - inner\n- two",
    ),
    (
        "code by itself",
        message({"type": "rich_text_preformatted", "elements": [leaf("x = 1\ny = 2\n")]}),
        "```\nx = 1\ny = 2\n```",
    ),
    (
        "an address in code",
        message(
            {
                "type": "rich_text_preformatted",
                "elements": [leaf("GET "), {"type": "link", "url": "https://x.y"}],
            }
        ),
        "```\nGET https://x.y\n```",
    ),
    (
        "a quote of two lines",
        message({"type": "rich_text_quote", "elements": [leaf("one\ntwo")]}),
        "> one\n> two",
    ),
    (
        "a paragraph, a list and a paragraph",
        message(
            section(leaf("Before:\n")), listed("bullet", section(leaf("x"))), section(leaf("After"))
        ),
        "Before:\n- x\nAfter",
    ),
    ("no block at all", {"text": "a &lt;b&gt; &amp;c"}, "a <b> &c"),
    ("no text either", {"blocks": []}, ""),
    ("nothing", {"text": None, "blocks": None}, ""),
    (
        "a block that nobody typed",
        {"text": "said", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}]},
        "said",
    ),
    (
        "an element of a year to come",
        message(section(leaf("a")), {"type": "rich_text_table", "rows": []}, text="a b"),
        "a b",
    ),
    ("a leaf of a year to come", message(section({"type": "spark", "text": "x"})), "x"),
    ("a leaf that says nothing", message(section(leaf("a"), {"type": "spark"})), "a"),
]


@pytest.mark.parametrize(
    ("said", "text"), [row[1:] for row in WRITTEN], ids=[r[0] for r in WRITTEN]
)
def test_what_is_typed_is_read_as_markdown(said: Node, text: str) -> None:
    assert message_markdown(said) == text


@pytest.mark.parametrize(
    ("mrkdwn", "plain"),
    [
        ("<https://x.y|label>", "label"),
        ("<https://x.y>", "https://x.y"),
        ("<mailto:a@b.c|a@b.c>", "a@b.c"),
        ("<@U1>", "@U1"),
        ("<@U1|ada>", "ada"),
        ("<#C1|general>", "general"),
        ("<!here>", "!here"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("&amp;lt;", "&lt;"),
        ("a <", "a <"),
    ],
)
def test_mrkdwn_is_read_as_it_was_typed(mrkdwn: str, plain: str) -> None:
    assert unescape_mrkdwn(mrkdwn) == plain


@given(text=st.text(st.characters(exclude_characters="<>")))
def test_what_slack_escaped_is_what_was_typed(text: str) -> None:
    sent = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert unescape_mrkdwn(sent) == text
    assert message_markdown({"text": sent}) == text


STYLES = st.sets(st.sampled_from(["bold", "italic", "strike", "code"]))


@given(st.lists(st.tuples(st.text(st.sampled_from("ab \n"), min_size=1), STYLES), max_size=6))
def test_no_letter_is_lost_to_a_style(parts: list[tuple[str, set[str]]]) -> None:
    said = message(section(*(leaf(text, *styles) for text, styles in parts)))
    letters = "".join(text for text, _ in parts)
    assert "".join(message_markdown(said).split()).translate(
        dict.fromkeys(map(ord, "*_~`"))
    ) == "".join(letters.split())
