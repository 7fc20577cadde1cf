"""A Markdown table as lines of text that stand under each other in a monospaced font.

Slack has a table of its own, one a message. Of two responses neither may look better than the other
for that, so that all tables are drawn alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from unicodedata import category, east_asian_width

INVISIBLE = ("Mn", "Me", "Cf")
"""What stands on or between other characters and takes no room of its own."""


def aligned(rows: Sequence[Sequence[str]], sides: Sequence[str]) -> str:
    """Return the rows, the first of them the head, as lines; `sides`: left, center or right."""
    columns = list(zip_longest(*rows, fillvalue=""))
    widths = [max(map(width, column)) for column in columns]
    lines = [_line(row, widths, sides) for row in rows]
    return "\n".join([lines[0], "-+-".join("-" * room for room in widths), *lines[1:]])


def width(text: str) -> int:
    """Return how many places a text takes where each plain letter takes one."""
    return sum(_places(mark) for mark in text)


def _places(mark: str) -> int:
    if category(mark) in INVISIBLE:
        return 0
    return 2 if east_asian_width(mark) in "WF" else 1


def _line(row: Sequence[str], widths: Sequence[int], sides: Sequence[str]) -> str:
    cells = zip_longest(row, widths, sides[: len(widths)], fillvalue="")
    return " | ".join(
        _filled(str(cell), int(room), str(side)) for cell, room, side in cells
    ).rstrip()


def _filled(cell: str, room: int, side: str) -> str:
    spaces = room - width(cell)
    before = {"right": spaces, "center": spaces // 2}.get(side, 0)
    return " " * before + cell + " " * (spaces - before)
