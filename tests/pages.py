"""The documentation pages, parsed: code, tables and tokens."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
PAGES = [README, ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", *sorted(DOCS.glob("*.md"))]


@cache
def tokens_of(page: Path) -> list[Token]:
    """Return every Markdown token of a page, including inline tokens."""
    parser = MarkdownIt("commonmark").enable("table")
    blocks = parser.parse(page.read_text(encoding="utf-8"))
    return [token for block in blocks for token in (block, *(block.children or ()))]


def code_spans(page: Path) -> list[str]:
    """Return the inline code of a page."""
    return [token.content for token in tokens_of(page) if token.type == "code_inline"]


def code_blocks(page: Path, *languages: str) -> list[str]:
    """Return the fenced code blocks in these languages."""
    fences = (token for token in tokens_of(page) if token.type == "fence")
    return [token.content for token in fences if token.info.strip() in languages]


def table_rows(page: Path, heading: str) -> list[list[str]]:
    """Return the cells of the first table under a heading, without the header row."""
    text = page.read_text(encoding="utf-8").split(f"\n{heading}\n", 1)[1].split("\n#", 1)[0]
    rows = text[text.index("\n|") :].strip().split("\n\n", 1)[0].splitlines()
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows[2:]]


def without_backticks(cell: str) -> str:
    """Return a table cell without the backticks around it."""
    return cell.strip("`")
