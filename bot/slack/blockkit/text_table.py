"""A Markdown table as lines of text that stand under each other in a monospaced font.

Slack has a table of its own, one a message. Of two responses neither may look better than the other
for that, so that all tables are drawn alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from unicodedata import category, east_asian_width

ZERO_WIDTH_CATEGORIES = ("Mn", "Me", "Cf")
"""What stands on or between other characters and takes no room of its own."""


def format_table(rows: Sequence[Sequence[str]], alignments: Sequence[str]) -> str:
    """Return the rows, the first of them the head, as lines; `sides`: left, center or right."""
    columns = list(zip_longest(*rows, fillvalue=""))
    widths = [max(map(display_width, column)) for column in columns]
    lines = [_format_row(row, widths, alignments) for row in rows]
    return "\n".join([lines[0], "-+-".join("-" * room for room in widths), *lines[1:]])


def display_width(text: str) -> int:
    """Return how many places a text takes where each plain letter takes one."""
    return sum(_character_width(mark) for mark in text)


def _character_width(character: str) -> int:
    if category(character) in ZERO_WIDTH_CATEGORIES:
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def _format_row(row: Sequence[str], widths: Sequence[int], alignments: Sequence[str]) -> str:
    cells = zip_longest(row, widths, alignments[: len(widths)], fillvalue="")
    return " | ".join(
        _pad_cell(str(cell), int(room), str(side)) for cell, room, side in cells
    ).rstrip()


def _pad_cell(cell: str, column_width: int, alignment: str) -> str:
    spaces = column_width - display_width(cell)
    before = {"right": spaces, "center": spaces // 2}.get(alignment, 0)
    return " " * before + cell + " " * (spaces - before)
