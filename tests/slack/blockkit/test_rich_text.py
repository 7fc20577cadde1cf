"""Markdown drawn as rich text: formatted where it can be, every word always, nothing alive."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from hypothesis import example as with_example
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import Surface, check_blocks
from bot.slack.blockkit.rich_text import MAX_TEXT_ELEMENTS, plain_rich_text, rich_text
from tests.slack.conftest import (
    ANY_TEXT,
    FEWER_EXAMPLES,
    HUGE_TEXT,
    MARKDOWN,
    as_yaml,
    is_inert,
    objects_in,
)

PAGE = 12_000
"""Characters of the longest text that is drawn at once."""

WORD = re.compile(r"[^\W_]+")


def leaves(text: str) -> list[str]:
    """Return what each leaf of a drawn text says."""
    return [o["text"] for o in objects_in(drawn(text)) if o.get("type") == "text"]


def drawn(text: str) -> dict[str, Any]:
    """Return a text drawn without a title."""
    return rich_text(text, block_id="b")


def elements(text: str) -> list[tuple[str, str]]:
    """Return the type of each element of a drawn text, and what it says."""
    return [
        (
            element["type"].removeprefix("rich_text_"),
            "".join(o["text"] for o in objects_in(element) if o.get("type") == "text"),
        )
        for element in drawn(text)["elements"]
    ]


def styled(text: str) -> list[tuple[str, str]]:
    """Return each leaf of a drawn text with the names of its styles."""
    return [
        (o["text"], " ".join(o.get("style", {})))
        for o in objects_in(drawn(text))
        if o.get("type") == "text"
    ]


def in_order(needles: list[str], hay: list[str]) -> bool:
    """Say whether all needles are in the hay, in this order."""
    rest = iter(hay)
    return all(needle in rest for needle in needles)


@settings(FEWER_EXAMPLES, max_examples=120)
@given(text=MARKDOWN | ANY_TEXT)
@with_example(text="| a | b |\n|---|---|\n| 1 | 2 | three |\n")
@with_example(text="> " * 25 + "deep")
@with_example(text="- " * 25 + "deep")
@with_example(text='[here](http://x.y "the title")')
@with_example(text="```python with words\ncode\n```")
@with_example(text="[ref]: http://x.y 'T'\n\n[ref]")
@with_example(text="[a](http://bücher.example/ü%20x)")
@with_example(text="[a](<b &copy; c>)")
@with_example(text="<http://x.y/%41é>")
@with_example(text="![alt *text* [in](here)](src 'title')")
def test_every_word_is_shown_in_its_place(text: str) -> None:
    """Numbers may be those of a list, which Slack counts itself: they are asked for below."""
    wanted = [word for word in WORD.findall(text) if not word.isdecimal()]
    shown = [word for leaf in leaves(text) for word in WORD.findall(leaf)]
    assert in_order(wanted, shown)


@FEWER_EXAMPLES
@given(text=MARKDOWN | ANY_TEXT | HUGE_TEXT, title=st.sampled_from(["", "Prompt", "<!here> *x*"]))
def test_slack_takes_it_and_nothing_in_it_is_alive(text: str, title: str) -> None:
    block = rich_text(text[:PAGE], title=title, block_id="b")
    assert check_blocks([block], Surface.MESSAGE) == []
    assert check_blocks([block], Surface.MODAL) == []
    assert is_inert(block)


@FEWER_EXAMPLES
@given(text=MARKDOWN | ANY_TEXT | HUGE_TEXT)
def test_what_is_not_markdown_is_shown_to_the_letter(text: str) -> None:
    block = rich_text(text, markdown=False, block_id="b")
    said = [o["text"] for o in objects_in(block) if o.get("type") == "text"]
    assert said == [text if text.strip() else "(empty)"]
    assert [o["text"] for o in objects_in(plain_rich_text(text)) if o.get("type") == "text"] == said


SWOLLEN = {
    "nested stars": "*" * 1500 + "a" + "*" * 1500,
    "nested lines": "_" * 5_999 + "a" + "_" * 5_999,
    "brackets": "[" * PAGE,
    "images": "![" * (PAGE // 2),
    "ticks": "`a" * (PAGE // 2),
    "quotes": ">" * PAGE,
    "lists": "- " * (PAGE // 2),
    "one letter each": "a\n\n" * (PAGE // 3),
    "rules": "***\n" * (PAGE // 4),
    "numbered": "1. a\n" * (PAGE // 5),
    "open links": "[a](" * (PAGE // 4),
    "escapes": "\\" * PAGE,
    "strikes": "~~a" * (PAGE // 3),
    "a wide table": "|a" * 40 + "\n" + "|-" * 40 + "\n" + "|b\n" * 3_000,
    "a table with one long cell": f"|{'w ' * 2_000}|b|\n|-|-|\n" + "|a|b|\n" * 1_000,
}


@pytest.mark.parametrize("text", SWOLLEN.values(), ids=SWOLLEN.keys())
def test_hostile_text_neither_breaks_nor_swells_nor_takes_long(text: str) -> None:
    begun = time.thread_time()
    block = drawn(text[:PAGE])
    assert time.thread_time() - begun < 3
    assert len(json.dumps(block, ensure_ascii=False)) < 110_000
    assert sum(o.get("type") == "text" for o in objects_in(block)) <= MAX_TEXT_ELEMENTS
    assert check_blocks([block], Surface.MODAL) == []


def test_a_table_of_a_usual_size_is_aligned() -> None:
    assert elements("| name | years |\n|:--|--:|\n| Ada | 36 |\n| Grace H. | 85 |") == [
        (
            "preformatted",
            "name     | years\n---------+------\nAda      |    36\nGrace H. |    85",
        )
    ]


DRAWN: list[tuple[str, list[tuple[str, str]]]] = [
    ("One.", [("section", "One.")]),
    ("One.\n\nTwo.", [("section", "One.\n"), ("section", "Two.")]),
    ("one\ntwo", [("section", "one\ntwo")]),
    ("one  \ntwo\\\nthree", [("section", "one\ntwo\nthree")]),
    ("# Title\ntext", [("section", "Title\n"), ("section", "text")]),
    ("a\n***\nb", [("section", "a\n"), ("section", "———\n"), ("section", "b")]),
    ("- one\n- two", [("list", "onetwo")]),
    ("```\nx = 1\n\ny = 2\n```", [("preformatted", "x = 1\n\ny = 2")]),
    ("```python\nx\n```", [("section", "python"), ("preformatted", "x")]),
    ("```\n```", [("preformatted", " ")]),
    ("    indented", [("preformatted", "indented")]),
    ("> one\n> two", [("quote", "one\ntwo")]),
    ("> one\n>\n> - a\n> - b", [("quote", "one\n• a\n• b")]),
    ("> 3. c\n> 4. d", [("quote", "3. c\n4. d")]),
    ("> ```\n> x\n> ```", [("quote", "x")]),
    ("> > deeper", [("quote", "deeper")]),
    ("- a\n  ```\n  x\n  ```\n- b", [("list", "a"), ("preformatted", "x"), ("list", "b")]),
    ("- a\n  - b\n- c", [("list", "a"), ("list", "b"), ("list", "c")]),
    ("- a\n\n  b", [("list", "a\nb")]),
    ("[words](https://x.y)", [("section", "words (https://x.y)")]),
    ("<https://x.y>", [("section", "https://x.y")]),
    ("https://x.y", [("section", "https://x.y")]),
    ("![a cat](https://x.y/c.png)", [("section", "a cat (https://x.y/c.png)")]),
    ("[x](javascript:alert(1))", [("section", "[x](javascript:alert(1))")]),
    ("<b>bold</b> &amp; &copy;", [("section", "<b>bold</b> &amp; &copy;")]),
    ("<script>\nx\n</script>", [("section", "<script>\nx\n</script>")]),
    ("<!channel> <@U1>", [("section", "<!channel> <@U1>")]),
    ("\\*not bold\\*", [("section", "*not bold*")]),
    ("a\x00b", [("section", "a\N{REPLACEMENT CHARACTER}b")]),
    ("", [("section", "(empty)")]),
    (" \n\t\n", [("section", "(empty)")]),
    ("# ", [("section", "# ")]),
    (">", [("section", ">")]),
]


@pytest.mark.parametrize(("text", "shown"), DRAWN, ids=[repr(text) for text, _ in DRAWN])
def test_markdown_is_drawn_in_slacks_own_elements(text: str, shown: list[tuple[str, str]]) -> None:
    assert elements(text) == shown


STYLED: list[tuple[str, list[tuple[str, str]]]] = [
    ("a **b** c", [("a ", ""), ("b", "bold"), (" c", "")]),
    ("*a* _b_", [("a", "italic"), (" ", ""), ("b", "italic")]),
    ("~~a~~", [("a", "strike")]),
    ("`a *b*`", [("a *b*", "code")]),
    ("**a *b* `c`**", [("a ", "bold"), ("b", "bold italic"), (" ", "bold"), ("c", "bold code")]),
    ("# a *b*", [("a ", "bold"), ("b", "bold italic")]),
    ("**[a](b)**", [("a (b)", "bold")]),
    ("snake_case_name", [("snake_case_name", "")]),
    ("2*3*4", [("2", ""), ("3", "italic"), ("4", "")]),
]


@pytest.mark.parametrize(("text", "shown"), STYLED, ids=[text for text, _ in STYLED])
def test_styles_are_slacks_own(text: str, shown: list[tuple[str, str]]) -> None:
    assert styled(text) == shown


@pytest.mark.parametrize(
    ("text", "offsets"),
    [
        ("1. a\n2. b", [0]),
        ("7. a\n8. b", [6]),
        ("0. a", [0]),
        ("1. a\n   ```\n   x\n   ```\n2. b", [0, 1]),
        ("3. a\n   - in\n4. b", [2, 0, 3]),
    ],
)
def test_a_numbered_list_counts_on_from_where_it_was(text: str, offsets: list[int]) -> None:
    lists = [e for e in drawn(text)["elements"] if e["type"] == "rich_text_list"]
    assert [element.get("offset", 0) for element in lists] == offsets


def test_lists_go_as_deep_as_slack_shows_them() -> None:
    text = "\n".join(f"{'  ' * depth}- level {depth}" for depth in range(9))
    assert [e["indent"] for e in drawn(text)["elements"]] == list(range(9))


def test_a_title_stands_above_in_bold() -> None:
    block = rich_text("text", title="Response A", block_id="b")
    assert block["elements"][0]["elements"] == [
        {"type": "text", "text": "Response A", "style": {"bold": True}}
    ]


MODEL = """# Tides

The **moon** pulls the *sea*; see [NASA](https://nasa.example/tides "more").

1. High tide
   - twice a day
2. Low tide

```python
def tide(hour):
    return "high" if hour % 12 < 6 else "low"
```

| place | metres |
|-------|--------|
| Fundy | 16.3   |

> "Time and tide wait for `nobody`."
"""


def test_an_answer_of_a_model_looks_like_this(snapshot: SnapshotAssertion) -> None:
    assert as_yaml(rich_text(MODEL, title="Response A", block_id="passage:1:a")) == snapshot
