"""Typed messages as Markdown: bold, lists and code are kept, and no word is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.parsing.message_text import message_markdown, unescape_mrkdwn

Node = dict[str, Any]


def leaf(text: str, *styles: str) -> Node:
    """Return a text element."""
    style = {"style": dict.fromkeys(styles, True)} if styles else {}
    return {"type": "text", "text": text, **style}


def section(*leaves: Node) -> Node:
    """Return a paragraph."""
    return {"type": "rich_text_section", "elements": list(leaves)}


def message(*elements: Node, text: str = "fallback") -> Node:
    """Return a typed message."""
    return {"text": text, "blocks": [{"type": "rich_text", "elements": list(elements)}]}


def list_element(style: str, *items: Node, **more: int) -> Node:
    """Return a list."""
    return {"type": "rich_text_list", "style": style, "elements": list(items), **more}


MESSAGES: list[tuple[str, Node, str]] = [
    ("plain", message(section(leaf("Hello there."))), "Hello there."),
    ("two lines", message(section(leaf("One\n\nTwo"))), "One\n\nTwo"),
    ("bold", message(section(leaf("a "), leaf("b", "bold"), leaf(" c"))), "a **b** c"),
    ("italic", message(section(leaf("b", "italic"))), "_b_"),
    ("strike", message(section(leaf("b", "strike"))), "~~b~~"),
    ("code", message(section(leaf("b", "code"))), "`b`"),
    ("bold and italic", message(section(leaf("b", "bold", "italic"))), "**_b_**"),
    ("bold code", message(section(leaf("b", "bold", "code"))), "**`b`**"),
    ("spaces stay outside the marks", message(section(leaf(" b ", "bold"), leaf("c"))), " **b** c"),
    ("a style on spaces only", message(section(leaf("a"), leaf("  ", "bold"), leaf("b"))), "a  b"),
    (
        "bold text whose first and last letters are equal",
        message(section(leaf("bob", "bold"))),
        "**bob**",
    ),
    (
        "a link with a text",
        message(section({"type": "link", "url": "https://x.y", "text": "here"})),
        "[here](https://x.y)",
    ),
    ("a bare link", message(section({"type": "link", "url": "https://x.y"})), "https://x.y"),
    *(
        (
            f"a typed {label}",
            message(section(leaf("see "), {"type": "link", "url": url, "text": label})),
            f"see {label}",
        )
        for label, url in [
            ("bob@example.com", "mailto:bob@example.com"),
            ("python.org", "http://python.org"),
            ("main.py", "http://main.py"),
            ("Python.org/Path", "https://python.org/Path"),
            ("python.org", "http://python.org/"),
            ("münchen.de/ä", "http://münchen.de/%C3%A4"),
            ("+49 30 123-45", "tel:+493012345"),
            ("ftp.example.com", "ftp://ftp.example.com"),
        ]
    ),
    (
        "a link whose text is another address",
        message(section({"type": "link", "url": "http://evil.org", "text": "python.org"})),
        "[python.org](http://evil.org)",
    ),
    (
        "a link whose text is its URL",
        message(section({"type": "link", "url": "https://x.y", "text": "https://x.y"})),
        "https://x.y",
    ),
    (
        "an emoji",
        message(section({"type": "emoji", "name": "thumbsup", "unicode": "1f44d-1f3fd"})),
        "\U0001f44d\U0001f3fd",
    ),
    ("a custom emoji", message(section({"type": "emoji", "name": "shipit"})), ":shipit:"),
    (
        "an emoji with an invalid code",
        message(section({"type": "emoji", "name": "x", "unicode": "zz"})),
        ":x:",
    ),
    ("a person", message(section({"type": "user", "user_id": "U1"})), "@U1"),
    ("a group", message(section({"type": "usergroup", "usergroup_id": "S1"})), "@S1"),
    ("a channel", message(section({"type": "channel", "channel_id": "C1"})), "#C1"),
    ("a broadcast", message(section({"type": "broadcast", "range": "channel"})), "@channel"),
    ("a color", message(section({"type": "color", "value": "#ff00aa"})), "#ff00aa"),
    (
        "a date",
        message(section({"type": "date", "timestamp": 1, "format": "x", "fallback": "Monday"})),
        "Monday",
    ),
    (
        "bullets",
        message(list_element("bullet", section(leaf("one")), section(leaf("two", "bold")))),
        "- one\n- **two**",
    ),
    (
        "a numbered list with an offset",
        message(list_element("ordered", section(leaf("c")), section(leaf("d")), offset=2)),
        "3. c\n4. d",
    ),
    (
        "a list in a list",
        message(
            list_element("bullet", section(leaf("one"))),
            list_element("bullet", section(leaf("inner")), indent=1),
            list_element("bullet", section(leaf("two"))),
        ),
        "- one\n   - inner\n- two",
    ),
    (
        "a code block",
        message({"type": "rich_text_preformatted", "elements": [leaf("x = 1\ny = 2\n")]}),
        "```\nx = 1\ny = 2\n```",
    ),
    (
        "a URL in code",
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
            section(leaf("Before:\n")),
            list_element("bullet", section(leaf("x"))),
            section(leaf("After")),
        ),
        "Before:\n- x\nAfter",
    ),
    ("no block", {"text": "a &lt;b&gt; &amp;c"}, "a <b> &c"),
    ("no text", {"blocks": []}, ""),
    ("nothing", {"text": None, "blocks": None}, ""),
    (
        "a block that people cannot type",
        {"text": "said", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}]},
        "said",
    ),
    (
        "an unknown element",
        message(section(leaf("a")), {"type": "rich_text_table", "rows": []}, text="a b"),
        "a b",
    ),
    ("an unknown inline element", message(section({"type": "spark", "text": "x"})), "x"),
    ("an unknown inline element without text", message(section(leaf("a"), {"type": "spark"})), "a"),
]


@pytest.mark.parametrize(
    ("typed", "markdown"), [row[1:] for row in MESSAGES], ids=[row[0] for row in MESSAGES]
)
def test_message_becomes_markdown(typed: Node, markdown: str) -> None:
    assert message_markdown(typed) == markdown


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
def test_mrkdwn_is_unescaped(mrkdwn: str, plain: str) -> None:
    assert unescape_mrkdwn(mrkdwn) == plain


@given(text=st.text(st.characters(exclude_characters="<>")))
def test_unescaping_reverses_slacks_escaping(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert unescape_mrkdwn(escaped) == text
    assert message_markdown({"text": escaped}) == text


STYLES = st.sets(st.sampled_from(["bold", "italic", "strike", "code"]))


@given(st.lists(st.tuples(st.text(st.sampled_from("ab \n"), min_size=1), STYLES), max_size=6))
def test_styles_lose_no_letter(parts: list[tuple[str, set[str]]]) -> None:
    typed = message(section(*(leaf(text, *styles) for text, styles in parts)))
    letters = "".join(text for text, _ in parts)
    shown = "".join(message_markdown(typed).split()).translate(dict.fromkeys(map(ord, "*_~`")))
    assert shown == "".join(letters.split())
