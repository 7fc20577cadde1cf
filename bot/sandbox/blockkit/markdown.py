"""Expansion of `markdown` blocks: how many blocks and tables Slack turns one into."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

# Without underlined headings, because Slack always renders a line of dashes as a divider.
_PARSER = MarkdownIt("commonmark").enable("table").disable(["inline", "lheading"])

# Each of these becomes a separate block. Only some app developers report this of code; counting it
# keeps a message below the limit in either case.
_STANDALONE_TYPES = {"heading_open", "hr", "table_open", "fence", "code_block"}


@dataclass(frozen=True, slots=True)
class Expansion:
    """The number of blocks and tables in an expanded text, and of characters in table cells."""

    blocks: int
    tables: int
    cell_characters: int


def expand_markdown(text: str) -> Expansion:
    """Return the counts for `text`.

    Each heading, divider, table and code block is one block, as is each run of other content.
    """
    tokens = _PARSER.parse(text)
    top_level_types = [token.type for token in tokens if token.level == 0 and token.nesting >= 0]
    return Expansion(
        blocks=max(1, _count_blocks(top_level_types)),
        tables=top_level_types.count("table_open"),
        cell_characters=_count_cell_characters(tokens),
    )


def _count_blocks(types: list[str]) -> int:
    """Count the standalone types, and the runs of consecutive other types."""
    is_standalone = [kind in _STANDALONE_TYPES for kind in types]
    run_starts = [
        not current and previous
        for previous, current in zip([True, *is_standalone], is_standalone, strict=False)
    ]
    return sum(is_standalone) + sum(run_starts)


def _count_cell_characters(tokens: list[Token]) -> int:
    """Count the characters in all cells of all tables."""
    cell_texts = [
        token.content
        for previous, token in pairwise(tokens)
        if previous.type in {"th_open", "td_open"}
    ]
    return sum(map(len, cell_texts))
