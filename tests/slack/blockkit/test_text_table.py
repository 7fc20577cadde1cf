"""Tables line up whatever is in them, and lose nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.blockkit.rich_text import render_markdown
from bot.slack.blockkit.text_table import display_width, format_table

PRICES = """\
| fruit | price | 果物 |
|:------|------:|:---:|
| pear | 1.50 | 梨 |
| plum | 12.00 | a |
"""


def _told(elements: list[dict[str, Any]]) -> str:
    (table,) = elements
    assert table["type"] == "rich_text_preformatted"
    return str(table["elements"][0]["text"])


def test_a_table_lines_up_as_its_columns_say() -> None:
    assert _told(render_markdown(PRICES)).splitlines() == [
        "fruit | price | 果物",
        "------+-------+-----",
        "pear  |  1.50 |  梨",
        "plum  | 12.00 |  a",
    ]


def test_wide_and_invisible_marks_take_the_room_they_take() -> None:
    assert [display_width(text) for text in ("abc", "日本", "e\u0301", "\u200b", "")] == [
        3,
        4,
        1,
        0,
        0,
    ]


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


@given(st.integers(1, 5).flatmap(lambda n: st.lists(st.lists(CELLS, max_size=n), min_size=1)))
def test_every_bar_stands_under_the_one_above(rows: list[list[str]]) -> None:
    rows = [[cell.replace("|", "/") for cell in row] for row in rows]
    rows[0] = rows[0] or ["head"]
    sides = ["left", "right", "center", "", "right"]
    head, rule, *lines = format_table(rows, sides).split("\n")
    bars = [display_width(rule[:place]) for place, mark in enumerate(rule) if mark == "+"]
    for line in (head, *lines):
        found = [display_width(line[:place]) for place, mark in enumerate(line) if mark == "|"]
        assert found == bars[: len(found)]
    told = "".join((head, *lines))
    assert all(cell.strip() in told for row in rows for cell in row)


FENCES = (
    "```python\nprint('a|b')  # <!channel>\n```",
    "```c++ title=x\nint x;\n\n  int y;\n```",
    "~~~\n```\nnested\n```\n~~~",
    "    four spaces are code",
    "```sql\nSELECT 1;",
)


def test_code_is_kept_with_its_language_and_its_spaces() -> None:
    for fence in FENCES:
        elements = render_markdown(fence)
        told = "".join(leaf["text"] + "\n" for element in elements for leaf in element["elements"])
        for line in fence.splitlines():
            assert line.strip("`~").strip() in told
    *_label, code = render_markdown(FENCES[1])
    assert code["elements"][0]["text"] == "int x;\n\n  int y;"
