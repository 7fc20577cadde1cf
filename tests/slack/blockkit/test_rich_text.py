"""Rich text: Markdown is formatted, no word is lost, and nothing is active."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import example as with_example
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import Surface, check_blocks
from bot.slack.blockkit.markdown import render_markdown
from bot.slack.blockkit.rich_text import MARKUP, MAX_TEXT_ELEMENTS, plain_rich_text, rich_text
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
"""Length of the longest text that is rendered at once, in a dialog."""

MESSAGE_PAGE = 9_000
"""Length of the longest text that a message has room for."""

WORD = re.compile(r"[^\W_]+")


def text_elements(payload: object) -> list[dict[str, Any]]:
    """Return the text elements of a block."""
    return [part for part in objects_in(payload) if part.get("type") == "text"]


def render(text: str) -> Mapping[str, Any]:
    """Render a text without a title."""
    return rich_text(text, block_id="b")


def elements(text: str) -> list[tuple[str, str]]:
    """Return the type and text of each element of a rendered text."""
    return [
        (
            element["type"].removeprefix("rich_text_"),
            "".join(part["text"] for part in text_elements(element)),
        )
        for element in render(text)["elements"]
    ]


def styles(text: str) -> list[tuple[str, str]]:
    """Return each text element of a rendered text with the names of its styles."""
    return [
        (element["text"], " ".join(element.get("style", {})))
        for element in text_elements(render(text))
    ]


def contains_in_order(texts: list[str], searched: list[str]) -> bool:
    """Check that all searched texts occur in this order."""
    rest = iter(texts)
    return all(text in rest for text in searched)


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
def test_every_word_is_shown_in_order(text: str) -> None:
    """Numbers are excluded because Slack itself numbers lists; another test checks those."""
    expected = [word for word in WORD.findall(text) if not word.isdecimal()]
    shown = [word for part in text_elements(render(text)) for word in WORD.findall(part["text"])]
    assert contains_in_order(shown, expected)


@FEWER_EXAMPLES
@given(text=MARKDOWN | ANY_TEXT | HUGE_TEXT, title=st.sampled_from(["", "Prompt", "<!here> *x*"]))
def test_rich_text_is_valid_and_inert(text: str, title: str) -> None:
    block = rich_text(text[:PAGE], title=title, block_id="b")
    assert check_blocks([block], Surface.MODAL) == []
    assert is_inert(block)
    shorter = rich_text(text[:MESSAGE_PAGE], title=title, block_id="b")
    assert check_blocks([shorter], Surface.MESSAGE) == []


@FEWER_EXAMPLES
@given(text=MARKDOWN | ANY_TEXT | HUGE_TEXT)
def test_plain_text_is_shown_unchanged(text: str) -> None:
    expected = [text if text.strip() else "(empty)"]
    for block in (rich_text(text, markdown=False, block_id="b"), plain_rich_text(text)):
        assert [element["text"] for element in text_elements(block)] == expected


HOSTILE = {
    "nested stars": "*" * 1500 + "a" + "*" * 1500,
    "nested lines": "_" * 5_999 + "a" + "_" * 5_999,
    "brackets": "[" * PAGE,
    "images": "![" * (PAGE // 2),
    "backticks": "`a" * (PAGE // 2),
    "quotes": ">" * PAGE,
    "lists": "- " * (PAGE // 2),
    "one letter each": "a\n\n" * (PAGE // 3),
    "rules": "***\n" * (PAGE // 4),
    "numbered": "1. a\n" * (PAGE // 5),
    "empty numbers": "1. \n" * (PAGE // 4),
    "open formulas": "\\(" * (PAGE // 2),
    "open formula lines": "$$\n" * (PAGE // 3 - 1),
    "open links": "[a](" * (PAGE // 4),
    "escapes": "\\" * PAGE,
    "strikes": "~~a" * (PAGE // 3),
    "a wide table": "|a" * 40 + "\n" + "|-" * 40 + "\n" + "|b\n" * 3_000,
    "a table with one long cell": f"|{'w ' * 2_000}|b|\n|-|-|\n" + "|a|b|\n" * 1_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_rendered_fast_and_within_limits(text: str) -> None:
    start = time.thread_time()
    block = render(text[:PAGE])
    assert time.thread_time() - start < 3
    assert len(json.dumps(block, ensure_ascii=False)) < 110_000
    assert len(text_elements(block)) <= MAX_TEXT_ELEMENTS
    assert check_blocks([block], Surface.MODAL) == []


def test_table_columns_are_aligned() -> None:
    assert elements("| name | years |\n|:--|--:|\n| Ada | 36 |\n| Grace H. | 85 |") == [
        (
            "preformatted",
            "name     | years\n---------+------\nAda      |    36\nGrace H. |    85",
        )
    ]


ELEMENTS: list[tuple[str, list[tuple[str, str]]]] = [
    ("One.", [("section", "One.")]),
    ("One.\n\nTwo.", [("section", "One.\n\nTwo.")]),
    ("*One.*\n\nTwo.", [("section", "One.\n"), ("section", "Two.")]),
    ("one\ntwo", [("section", "one\ntwo")]),
    ("one  \ntwo\\\nthree", [("section", "one  \ntwo\\\nthree")]),
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
    ("<https://x.y>", [("section", "<https://x.y>")]),
    ("https://x.y", [("section", "https://x.y")]),
    ("![a cat](https://x.y/c.png)", [("section", "a cat (https://x.y/c.png)")]),
    ("[x](javascript:alert(1))", [("section", "[x](javascript:alert(1))")]),
    ("<b>bold</b> &amp; &copy;", [("section", "<b>bold</b> &amp; &copy;")]),
    ("<script>\nx\n</script>", [("section", "<script>\nx\n</script>")]),
    ("<!channel> <@U1>", [("section", "<!channel> <@U1>")]),
    ("\\*not bold\\*", [("section", "\\*not bold\\*")]),
    ("f[i](x)", [("section", "f[i](x)")]),
    ("  a\n\n   b  ", [("section", "  a\n\n   b  ")]),
    ("x\u2028y\u0085z", [("section", "x\u2028y\u0085z")]),
    ("a\x00b", [("section", "a\N{REPLACEMENT CHARACTER}b")]),
    ("", [("section", "(empty)")]),
    (" \n\t\n", [("section", "(empty)")]),
    ("# ", [("section", "# ")]),
    (">", [("section", ">")]),
]


@pytest.mark.parametrize(("text", "expected"), ELEMENTS, ids=[repr(text) for text, _ in ELEMENTS])
def test_markdown_becomes_slack_elements(text: str, expected: list[tuple[str, str]]) -> None:
    assert elements(text) == expected


STYLES: list[tuple[str, list[tuple[str, str]]]] = [
    ("a **b** c", [("a ", ""), ("b", "bold"), (" c", "")]),
    ("*a* _b_", [("a", "italic"), (" ", ""), ("b", "italic")]),
    ("~~a~~", [("a", "strike")]),
    ("`a *b*`", [("a *b*", "code")]),
    ("**a *b* `c`**", [("a ", "bold"), ("b", "bold italic"), (" ", "bold"), ("c", "bold code")]),
    ("# a *b*", [("a ", "bold"), ("b", "bold italic")]),
    ("**[a](b.c)**", [("a (b.c)", "bold")]),
    ("**[a](b)**", [("[a](b)", "bold")]),
    ("~~a~~ ` b\n c `", [("a", "strike"), (" ", ""), (" b\n c ", "code")]),
    ("snake_case_name", [("snake_case_name", "")]),
    ("2*3*4", [("2*3*4", "")]),
    ("你**好**吗", [("你", ""), ("好", "bold"), ("吗", "")]),
]


@pytest.mark.parametrize(("text", "expected"), STYLES, ids=[text for text, _ in STYLES])
def test_markdown_styles_become_slack_styles(text: str, expected: list[tuple[str, str]]) -> None:
    assert styles(text) == expected


@pytest.mark.parametrize(
    ("text", "offsets"),
    [
        ("1. a\n2. b", [0]),
        ("7. a\n8. b", [6]),
        ("0. a", [0]),
        ("1. a\n   ```\n   x\n   ```\n2. b", [0, 1]),
        ("3. a\n   - in\n4. b", [2, 0, 3]),
        ("1. a\n1. b\n5. c\n6. d", [0, 0, 4]),
    ],
)
def test_numbered_list_continues_its_numbers(text: str, offsets: list[int]) -> None:
    lists = [part for part in render(text)["elements"] if part["type"] == "rich_text_list"]
    assert [element.get("offset", 0) for element in lists] == offsets


def test_nested_lists_are_indented() -> None:
    text = "\n".join(f"{'  ' * depth}- level {depth}" for depth in range(9))
    assert [element["indent"] for element in render(text)["elements"]] == list(range(9))


def test_title_is_the_first_element_in_bold() -> None:
    block = rich_text("text", title="Response A", block_id="b")
    assert block["elements"][0]["elements"] == [
        {"type": "text", "text": "Response A", "style": {"bold": True}}
    ]


MATH_AND_CODE = (
    r"\(x=2\)",
    r"\(a_1 * b_1 * c_{2}\)",
    r"\[ \hat{y}_i = x_{j} \\ \{1\} \]",
    "$x_1*y_1*z$",
    r"$$\sum_{i=1}^{n} x_{i}\,*\,y_{i}$$",
    "$$\nx\n- y\n> z\n= 2\n$$",
    "\\begin{align}\na &= b \\\\\n- c &= d\n\\end{align}",
    "2*3*4 = 24",
    "f(x)*g(x)*h(x)",
    r"\hat{y}_i - x_{j}",
    r"\alpha \times \beta\_1 \% \$5",
    "the __init__ method",
    "*args, **kwargs",
    "handlers[name](event)",
    "List<https://x.y>",
    "costs $5 or $6",
    r"C:\new\*.txt",
    "<@U1> <!here> <https://x|y> &amp; &lt; :smile:",
    "x\u2028y\u2029z",
    "5 > 4 >= 3",
    "שלום 日本語 🙂 e\u0301 \u202eabc",
)
"""What must be shown exactly as it is written, whatever is formatted around it."""


FRAMES = ("{}", "**Bold:** {}\n\n*end*", "# Title\n\n{}\n\n- item", "- one: {}", "> {}")


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("text", MATH_AND_CODE)
def test_math_and_code_are_never_changed(text: str, frame: str) -> None:
    continued = {"-": "\n  ", ">": "\n> "}.get(frame[0], "\n")
    shown = "".join(
        part["text"] for part in text_elements(render(frame.format(text.replace("\n", continued))))
    )
    assert text in shown


@FEWER_EXAMPLES
@given(
    texts=st.lists(st.sampled_from(MATH_AND_CODE), min_size=1, max_size=5),
    separators=st.lists(st.sampled_from((" ", " **and** ", "\n\n", "\n\n1. ")), min_size=5),
)
def test_math_and_code_among_others_are_never_changed(
    texts: list[str], separators: list[str]
) -> None:
    separated = [text if "\n" not in text else f"\n\n{text}\n\n" for text in texts]
    joined = "".join(f"{text}{mark}" for text, mark in zip(separated, separators, strict=False))
    shown = "".join(part["text"] for part in text_elements(render(joined)))
    position = 0
    for text in texts:
        position = shown.find(text, position)
        assert position >= 0, text


PROGRAMS = (
    "def f(x):\n    # double it\n    return x * 2 * __name__\n",
    "#include <stdio.h>\nint main() {\n\tint *a, *b;\n\treturn 0;\n}",
    ">>> f(2)\n4\n>>> x = [1]\n",
    "if a:\n    b()\n\n    c()\nelse:\n    d()",
    "+ added\n+ more",
    "  leading\n    deeper  \n",
)


@pytest.mark.parametrize("text", PROGRAMS)
def test_code_without_a_fence_is_shown_unchanged(text: str) -> None:
    assert [part["text"] for part in text_elements(render(text))] == [text]


def test_code_in_a_fence_keeps_every_space() -> None:
    code = "\n\tx = 1  \n\n  # *no* markup\n\n"
    assert elements(f"*a*\n\n```py\n{code}\n```")[-1] == ("preformatted", code)


RESPONSE = """# Tides

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


def test_model_response_snapshot(snapshot: SnapshotAssertion) -> None:
    assert as_yaml(rich_text(RESPONSE, title="Response A", block_id="passage:1:a")) == snapshot


@given(st.text("ab1 \t\n\x0b\x0c\u2028\xa0.):;-+=&!?^{}()/\"'é", max_size=60) | ANY_TEXT)
@with_example("www.example.com and https://example.com/a-b are no links.")
@with_example("One line\n=====\n\nanother: 1) this &amp; that")
@with_example("x\n   - y")
def test_text_without_markup_is_formatted_nowhere(text: str) -> None:
    assume(MARKUP.search(text) is None and "\x00" not in text)
    rendered = render_markdown(text)
    assert {element["type"] for element in rendered} <= {"rich_text_section"}
    parts = [part for element in rendered for part in text_elements(element)]
    assert not any("style" in part for part in parts)
    assert "".join(part["text"] for part in parts).split() == text.split()
