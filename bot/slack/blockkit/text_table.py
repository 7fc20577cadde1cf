"""A Markdown table as aligned lines for a monospaced font.

Slack allows one table block in a message. A task may show several responses with tables, and none
may look better than another, so every table is rendered as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from rich.cells import cell_len


def format_table(rows: Sequence[Sequence[str]], alignments: Sequence[str]) -> str:
    """Return the rows as lines, with a rule below the first, which holds the headings.

    `alignments` has one of "left", "center", "right" or "" for each column. Widths are measured in
    terminal cells, so that emoji sequences, CJK and combining characters line up.
    """
    columns = list(zip_longest(*rows, fillvalue=""))
    widths = [max(map(cell_len, column)) for column in columns]
    lines = [_format_row(row, widths, alignments) for row in rows]
    return "\n".join([lines[0], "-+-".join("-" * width for width in widths), *lines[1:]])


def _format_row(row: Sequence[str], widths: Sequence[int], alignments: Sequence[str]) -> str:
    cells = zip_longest(row, widths, alignments[: len(widths)], fillvalue="")
    return " | ".join(
        _pad_cell(str(cell), int(width), str(alignment)) for cell, width, alignment in cells
    ).rstrip()


def _pad_cell(cell: str, column_width: int, alignment: str) -> str:
    spaces = column_width - cell_len(cell)
    before = {"right": spaces, "center": spaces // 2}.get(alignment, 0)
    return " " * before + cell + " " * (spaces - before)
