"""What Slack makes of a `markdown` block: how many blocks it becomes when it is expanded."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

# Without underlined headings, since Slack reads a line of dashes as a divider wherever it stands.
_PARSER = MarkdownIt("commonmark").enable("table").disable(["inline", "lheading"])

# Each of these is a block of its own. That code is one, too, only some bots report; to count it
# so keeps a message below the limit in either case.
_STANDALONE_TYPES = {"heading_open", "hr", "table_open", "fence", "code_block"}


@dataclass(frozen=True, slots=True)
class Expansion:
    """How many `blocks` and `tables` come out of a text, and characters in cells of tables."""

    blocks: int
    tables: int
    cell_characters: int


def expand_markdown(text: str) -> Expansion:
    """Return what Slack makes of `text`: headings, dividers, tables, and runs of all the rest."""
    tokens = _PARSER.parse(text)
    top = [token.type for token in tokens if token.level == 0 and token.nesting >= 0]
    return Expansion(
        blocks=max(1, _count_blocks(top)),
        tables=top.count("table_open"),
        cell_characters=_count_cell_characters(tokens),
    )


def _count_blocks(top: list[str]) -> int:
    """Count the types in `top` that stand alone, and the unbroken runs of those that do not."""
    standalone = [kind in _STANDALONE_TYPES for kind in top]
    runs = [
        not now and before for before, now in zip([True, *standalone], standalone, strict=False)
    ]
    return sum(standalone) + sum(runs)


def _count_cell_characters(tokens: list[Token]) -> int:
    """Count the characters in all cells of all tables."""
    inside = [
        token.content for before, token in pairwise(tokens) if before.type in {"th_open", "td_open"}
    ]
    return sum(map(len, inside))
