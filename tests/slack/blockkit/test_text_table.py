"""Tables and code in Markdown: aligned whatever they hold, and complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.slack.blockkit.markdown import render_markdown
from bot.slack.blockkit.text_table import format_table

PRICES = """\
| fruit | price | 果物 |
|:------|------:|:---:|
| pear | 1.50 | 梨 |
| plum | 12.00 | a |
"""


def _preformatted_text(elements: Sequence[Mapping[str, Any]]) -> str:
    (table,) = elements
    assert table["type"] == "rich_text_preformatted"
    return str(table["elements"][0]["text"])


def test_table_follows_its_column_alignments() -> None:
    assert _preformatted_text(render_markdown(PRICES)).splitlines() == [
        "fruit | price | 果物",
        "------+-------+-----",
        "pear  |  1.50 |  梨",
        "plum  | 12.00 |  a",
    ]


@pytest.mark.parametrize(
    "cell", ["abcd", "日本", "👍🏽ab", "👨‍👩‍👧ab", "❤️ab", "e\u0301bcd", "\u200babcd"]
)
def test_every_cell_of_four_columns_width_is_padded_alike(cell: str) -> None:
    head, rule, row = format_table([["head", "x"], [cell, "y"]], ["left", "left"]).split("\n")
    assert (head, rule, row) == ("head | x", "-----+--", f"{cell} | y")


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


def _column_widths(line: str, separator: str) -> list[int]:
    """Return the width of each column; padding is counted apart from what it pads."""
    columns = line.split(separator)[:-1]
    return [cell_len(text.strip(" ")) + len(text) - len(text.strip(" ")) for text in columns]


@given(st.integers(1, 5).flatmap(lambda n: st.lists(st.lists(CELLS, max_size=n), min_size=1)))
def test_columns_are_aligned_and_complete(rows: list[list[str]]) -> None:
    rows = [[cell.replace("|", "/").replace("+", "/") for cell in row] for row in rows]
    rows[0] = rows[0] or ["head"]
    alignments = ["left", "right", "center", "", "right"]
    head, rule, *lines = format_table(rows, alignments).split("\n")
    widths = _column_widths(rule, "+")
    for line in (head, *lines):
        assert _column_widths(line, "|") == widths[: line.count("|")]
    text = "".join((head, *lines))
    assert all(cell.strip() in text for row in rows for cell in row)


FENCES = (
    "```python\nprint('a|b')  # <!channel>\n```",
    "```c++ title=x\nint x;\n\n  int y;\n```",
    "~~~\n```\nnested\n```\n~~~",
    "    four spaces are code",
    "```sql\nSELECT 1;",
)


def test_code_keeps_its_language_and_spaces() -> None:
    for fence in FENCES:
        elements: Sequence[Mapping[str, Any]] = render_markdown(fence)
        text = "".join(leaf["text"] + "\n" for element in elements for leaf in element["elements"])
        for line in fence.splitlines():
            assert line.strip("`~").strip() in text
    assert _preformatted_text(render_markdown(FENCES[1])[-1:]) == "int x;\n\n  int y;"
