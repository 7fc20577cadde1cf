"""Boxes with formatting: what an expert wrote comes out as written, as Markdown."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.composer_text import Mentions
from bot.sandbox.rich_text_markup import markup_to_rich_text
from bot.slack.blockkit.markdown import render_markdown
from bot.slack.forms.formatted_text import rich_text_input
from bot.slack.parsing.message_text import rich_text_markdown
from bot.slack.parsing.modal_metadata import UnreadableDialogError
from bot.slack.parsing.text_boxes import entered_text
from tests.slack.conftest import FEWER_EXAMPLES

Node = dict[str, Any]

WORD = st.text(st.sampled_from("abcäé日"), min_size=1, max_size=5)
STYLE_NAMES = st.sets(st.sampled_from(["bold", "italic", "strike"])) | st.just({"code"})


def text_leaf(text: str, styles: set[str]) -> Node:
    """Return a text element."""
    style = {"style": dict.fromkeys(styles, True)} if styles else {}
    return {"type": "text", "text": text, **style}


STYLED = st.builds(text_leaf, WORD, STYLE_NAMES)
CODE = st.builds(
    text_leaf, st.text(st.sampled_from("a`* _"), min_size=1, max_size=6), st.just({"code"})
)
LINKS = st.builds(lambda text: {"type": "link", "url": "https://x.org/a", "text": text}, WORD)
OTHERS = st.sampled_from(
    [
        {"type": "emoji", "name": "thumbsup", "unicode": "1f44d"},
        {"type": "user", "user_id": "U1"},
        {"type": "channel", "channel_id": "C1"},
        {"type": "broadcast", "range": "here"},
    ]
)


@st.composite
def sections(draw: st.DrawFn, kind: str = "rich_text_section") -> Node:
    """Return leaves with a space between them."""
    leaves = draw(st.lists(STYLED | LINKS | OTHERS, min_size=1, max_size=4))
    spaced = [part for leaf in leaves for part in (leaf, {"type": "text", "text": " "})][:-1]
    return {"type": kind, "elements": spaced}


BLOCKS = st.one_of(
    sections(),
    sections("rich_text_quote"),
    st.builds(
        lambda style, items: {"type": "rich_text_list", "style": style, "elements": items},
        st.sampled_from(["bullet", "ordered"]),
        st.lists(sections(), min_size=1, max_size=3),
    ),
    st.builds(
        lambda text: {"type": "rich_text_preformatted", "elements": [text_leaf(text, set())]},
        st.lists(st.sampled_from(["x = 1", "```", "    y", "# a", "- b", "", "`"]), min_size=1)
        .map("\n".join)
        .filter(lambda text: text == text.strip("\n") and text.strip() != ""),
    ),
)


def plain(element: Node) -> Any:  # noqa: ANN401 - nested lists of texts with their styles
    """Return the type of an element and its texts with styles, joined where they are equal."""
    if element["type"] == "rich_text_list":
        return element["style"], [plain(item) for item in element["elements"]]
    parts: list[tuple[str, frozenset[str]]] = []
    for leaf in element["elements"]:
        style = frozenset(leaf.get("style", ()))
        text = shown_text(leaf)
        if parts and parts[-1][1] == style:
            text = parts.pop()[0] + text
        parts.append((text, style))
    return element["type"], parts


def shown_text(leaf: Node) -> str:
    """Return what a reader of the Markdown sees."""
    if leaf["type"] == "link":
        return f"{leaf['text']} ({leaf['url']})"
    names = {"emoji": "\U0001f44d", "user": "@U1", "channel": "#C1", "broadcast": "@here"}
    return names.get(leaf["type"]) or str(leaf["text"])


@given(BLOCKS)
def test_markdown_of_what_was_written_reads_the_same(block: Node) -> None:
    markdown = rich_text_markdown({"type": "rich_text", "elements": [block]})
    (read,) = render_markdown(markdown)
    assert plain(dict(read)) == plain(block)


@given(CODE)
def test_inline_code_is_kept(leaf: Node) -> None:
    text = leaf["text"].strip()
    markdown = rich_text_markdown(
        {
            "elements": [
                {"type": "rich_text_section", "elements": [text_leaf(text or "a", {"code"})]}
            ]
        }
    )
    (read,) = render_markdown(markdown)
    assert plain(dict(read))[1] == [(text or "a", frozenset({"code"}))]


def state_of(element: Any) -> Node:  # noqa: ANN401 - a drawn input
    """Return the state of an input that nobody changed."""
    return {"type": element["type"], "rich_text_value": element.get("initial_value")}


@FEWER_EXAMPLES
@given(st.text() | st.text(st.sampled_from("*_`~>#- \n1.[]()|\\$ab"), max_size=60))
def test_untouched_text_comes_back_as_it_was(text: str) -> None:
    assert entered_text(state_of(rich_text_input("response", text))) == text


@pytest.mark.parametrize(
    ("text", "is_formatted"),
    [
        ("Some **bold** and `code`", True),
        ("- one\n- **two**", True),
        ("```\nx = 1\n```", True),
        (r"\(x_1 * y_1\) and $$a\\b$$", False),
        ("# A heading", False),
        ("[here](https://x.org)", False),
    ],
)
def test_text_is_shown_formatted_only_if_that_loses_nothing(
    text: str, *, is_formatted: bool
) -> None:
    element = rich_text_input("response", text)
    value = element["initial_value"]
    source = [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}]
    assert (value["elements"] != source) is is_formatted
    assert entered_text(state_of(element)) == text


@pytest.mark.parametrize(
    "typed", ["**bold**", "__init__", "a_b_c", "x * y * z", "[ ] todo", "2^{10}", r"\(a_1\)"]
)
def test_typed_markdown_comes_out_as_typed(typed: str) -> None:
    value = markup_to_rich_text(typed, "b", Mentions())
    assert entered_text({"type": "rich_text_input", "rich_text_value": value}) == typed


@pytest.mark.parametrize(
    "value",
    [
        {"elements": 5},
        {"elements": [5]},
        {"elements": [{"type": "rich_text_section"}]},
        {"elements": [{"type": "rich_text_list", "indent": "x", "elements": []}]},
        {"elements": [{"type": "rich_text_section", "elements": [{"text": "x", "style": 5}]}]},
    ],
)
def test_malformed_rich_text_is_refused(value: object) -> None:
    with pytest.raises(UnreadableDialogError):
        entered_text({"type": "rich_text_input", "rich_text_value": value})
