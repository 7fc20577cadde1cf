"""Markdown of a dataset card: sections, and tables whose cells show values as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import orjson


def section(title: str, body: str) -> str:
    """Return a section, empty if it has no text."""
    return f"## {title}\n\n{body}" if body else ""


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table, empty if it has no rows. All rows have as many cells as `head`."""
    lines = [_line(escape(value) for value in row) for row in rows]
    if not lines:
        return ""
    return "\n".join([_line(head), _line(["---"] * len(head)), *lines, ""])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def escape(value: object) -> str:
    """Return a value as one line of text with Markdown characters escaped."""
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    for char in ("\\", "|", "`", "*", "_", "[", "<"):
        text = text.replace(char, f"\\{char}")
    return " ".join(text.split())
