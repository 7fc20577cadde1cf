"""Passages of any length in a dialog: one page at a time, with buttons to turn the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.kinds.form import Passage
from bot.slack.blockkit.blocks import actions, button, context
from bot.slack.blockkit.passages import passage_blocks
from bot.slack.blockkit.text import split_pages
from bot.slack.blockkit.types import Block
from bot.slack.parsing.action_ids import Action

PAGE_CHARACTERS = 12_000
"""Characters on one page of a read-only modal."""

PAGE_BLOCKS = 60
"""Blocks on one page of a read-only modal; Slack allows 100."""


@dataclass(frozen=True, slots=True)
class PassagePage:
    """The blocks of one page, and whether no page follows."""

    blocks: list[Block]
    is_last: bool


def passage_page(passages: Sequence[Passage], page: int, turn_page: Action) -> PassagePage:
    """Return one page (counted from 0) of all passages; none of their text is left out.

    `turn_page` is the action of the buttons; its option becomes the number of the other page.
    """
    all_pages = _pages_of(passages)
    page = min(page, len(all_pages) - 1)
    blocks = [
        block
        for number, (passage, text) in enumerate(all_pages[page])
        for block in passage_blocks(passage, text, f"full_text:{number}", len(passage.media))
    ]
    navigation = _navigation_blocks(turn_page, page, len(all_pages))
    return PassagePage([*blocks, *navigation], is_last=page == len(all_pages) - 1)


def count_pages(passages: Sequence[Passage]) -> int:
    """Return on how many pages all passages are."""
    return len(_pages_of(passages))


def _pages_of(passages: Sequence[Passage]) -> list[list[tuple[Passage, str]]]:
    return _paginate([part for passage in passages for part in _split(passage)])


def _split(passage: Passage) -> list[tuple[Passage, str]]:
    """Split a passage into parts that fit a page; only the first part has its media."""
    first, *others = split_pages(passage.text, PAGE_CHARACTERS)
    without_media = replace(passage, media=())
    return [(passage, first), *((without_media, other) for other in others)]


def _paginate(parts: Sequence[tuple[Passage, str]]) -> list[list[tuple[Passage, str]]]:
    """Put parts on pages of at most `PAGE_CHARACTERS` and `PAGE_BLOCKS`."""
    all_pages: list[list[tuple[Passage, str]]] = [[]]
    characters_left, blocks_left = PAGE_CHARACTERS, PAGE_BLOCKS
    for passage, text in parts:
        needed = 2 + len(passage.media)
        if all_pages[-1] and (len(text) > characters_left or needed > blocks_left):
            all_pages.append([])
            characters_left, blocks_left = PAGE_CHARACTERS, PAGE_BLOCKS
        all_pages[-1].append((passage, text))
        characters_left, blocks_left = characters_left - len(text), blocks_left - needed
    return all_pages


def _navigation_blocks(turn_page: Action, page: int, count: int) -> list[Block]:
    if count == 1:
        return []
    targets = [("Back", page - 1), ("Next", page + 1)]
    buttons = [
        button(label, f"{turn_page.name}:{label[0]}", replace(turn_page, option=str(target)).value)
        for label, target in targets
        if 0 <= target < count
    ]
    return [
        context(f"Page {page + 1} of {count}"),
        actions(f"pages:{turn_page.target_id}:{page}", *buttons),
    ]
