"""Expansion of markdown blocks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.blockkit.markdown import expand_markdown


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("one line", 1),
        ("", 1),
        ("   \n\n", 1),
        ("two\n\nparagraphs", 1),
        ("text\n\n- a\n- b\n\n1. c\n\n> quoted\n\nmore", 1),
        ("# head", 1),
        ("# head\ntext", 2),
        ("text\n# head\ntext", 3),
        ("# a\n## b\n### c", 3),
        ("#hashtag", 1),
        ("a\n\n---\n\nb", 3),
        ("a\n---\nb", 3),
        ("***", 1),
        ("a\n```\n# no head\n---\n```\nb", 3),
        ("a\n\n    indented\n\nb", 3),
        ("- a\n  # within a list", 1),
        ("> # within a quote", 1),
        ("|a|b|\n|-|-|\n|1|2|", 1),
        ("text\n\n|a|b|\n|-|-|\n|1|2|\n\ntext", 3),
        ("<b>html</b>\n\ntext", 1),
    ],
)
def test_headings_dividers_tables_and_code_are_separate_blocks(text: str, blocks: int) -> None:
    assert expand_markdown(text).blocks == blocks


@pytest.mark.parametrize(
    ("text", "tables", "characters"),
    [
        ("no | table", 0, 0),
        ("|ab|c|\n|-|-|\n|1|äöü|", 1, 7),
        ("|a|\n|-|\n\ntext\n\n|b|\n|-|\n|c|", 2, 3),
        ("```\n|a|\n|-|\n```", 0, 0),
    ],
)
def test_tables_and_cell_characters_are_counted(text: str, tables: int, characters: int) -> None:
    expansion = expand_markdown(text)
    assert (expansion.tables, expansion.cell_characters) == (tables, characters)


@given(st.text(alphabet="# -|>`\n*_~[]()<a1\t\\\x00é"))
def test_any_text_can_be_expanded(text: str) -> None:
    assert 1 <= expand_markdown(text).blocks <= max(1, text.count("\n") + 1)
