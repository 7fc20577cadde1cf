"""Rules on a whole message or view: unique ids and total limits.

As in Slack, they are checked only when every single block is valid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from . import error_messages
from .blocks import MAX_BLOCKS
from .markdown import Expansion, expand_markdown
from .problems import Problem
from .schema import Json
from .surfaces import Surface
from .visible_characters import count_visible_characters

MAX_CELL_CHARACTERS = 10_000  # in all tables of a message or view together
# Slack documents no limit for the text of all blocks of a message. Apps report msg_blocks_too_long
# for 11,341 characters in text, section, header and divider blocks (slackapi/bolt-js#2867) and for
# 13,297 in markdown blocks (slackapi/bolt-js#2509). Which characters Slack counts is unknown.
MAX_MESSAGE_CHARACTERS = 11_000
MAX_BLOCKS_OF_TYPE = {"data_visualization": 2, "plan": 1}

# The field of a block that holds other blocks, and the one that holds its elements.
NESTED_BLOCKS = {"container": "child_blocks", "carousel": "elements", "plan": "tasks"}
NESTED_ELEMENTS = {
    "section": "accessory",
    "actions": "elements",
    "input": "element",
    "context_actions": "elements",
    "card": "actions",
}


@dataclass(frozen=True, slots=True)
class LocatedBlock:
    """A block and its JSON pointer."""

    pointer: str
    block: Json

    def elements(self) -> Iterator[tuple[str, Json]]:
        """Yield each element of this block with its pointer."""
        field = NESTED_ELEMENTS.get(self.block["type"], "")
        value = self.block.get(field, ())
        pointer = f"{self.pointer}/{field}"
        if isinstance(value, dict):
            yield pointer, value
        else:
            yield from ((f"{pointer}/{index}", element) for index, element in enumerate(value))

    def locate_problem(self, problem: Problem) -> Problem:
        """Return `problem` with its pointer prefixed by that of this block."""
        return problem_at(self.pointer, problem)


def problem_at(pointer: str, problem: Problem) -> Problem:
    """Return `problem` with its pointer prefixed by `pointer`."""
    return replace(problem, pointer=pointer + problem.pointer)


def locate_blocks(blocks: Sequence[Json], pointer: str) -> Iterator[LocatedBlock]:
    """Yield all `blocks` and the blocks nested in them; `pointer` is that of the list."""
    for index, block in enumerate(blocks):
        block_pointer = f"{pointer}/{index}"
        yield LocatedBlock(block_pointer, block)
        field = NESTED_BLOCKS.get(block["type"])
        if field and field in block:
            yield from locate_blocks(block[field], f"{block_pointer}/{field}")


@dataclass(frozen=True)
class Payload:
    """The blocks of one message or view; `lists` maps JSON pointers to lists of blocks."""

    surface: Surface
    lists: dict[str, list[Json]]

    @cached_property
    def blocks(self) -> list[LocatedBlock]:
        """All blocks, including nested ones."""
        return [
            located
            for pointer, blocks in self.lists.items()
            for located in locate_blocks(blocks, pointer)
        ]

    @cached_property
    def expansions(self) -> list[Expansion]:
        """The expansion of each markdown block."""
        return [expand_markdown(located.block["text"]) for located in self.of_type("markdown")]

    @property
    def pointer(self) -> str:
        """The pointer of the main list of blocks."""
        return next(iter(self.lists))

    def of_type(self, *kinds: str) -> list[LocatedBlock]:
        """Return all blocks of these types."""
        return [located for located in self.blocks if located.block["type"] in kinds]


def require_unique_block_ids(payload: Payload) -> Iterator[Problem]:
    """Check that block_ids are unique. Slack ignores that of a markdown block."""
    seen: set[str] = set()
    for located in payload.blocks:
        block_id = located.block.get("block_id")
        if block_id is None or located.block["type"] == "markdown":
            continue
        if block_id in seen:
            yield located.locate_problem(error_messages.already_exists("block_id", block_id))
        seen.add(block_id)


def require_unique_action_ids(payload: Payload) -> Iterator[Problem]:
    """Check that action_ids are unique in each block."""
    for located in payload.blocks:
        seen: set[str] = set()
        for pointer, element in located.elements():
            action_id = element.get("action_id")
            if action_id in seen:
                yield problem_at(pointer, error_messages.already_exists("action_id", action_id))
            if action_id is not None:
                seen.add(action_id)


def allow_one_focus(payload: Payload) -> Iterator[Problem]:
    """Check that at most one element takes the focus.

    Slack documents this for views only; it is checked in messages too.
    """
    focused = [
        pointer
        for located in payload.blocks
        for pointer, element in located.elements()
        if element.get("focus_on_load")
    ]
    yield from (problem_at(pointer, error_messages.second_focus()) for pointer in focused[1:])


def restrict_response_urls(payload: Payload) -> Iterator[Problem]:
    """Check that only menus in input blocks of modals ask for a response_url."""
    for located in payload.blocks:
        if payload.surface is Surface.MODAL and located.block["type"] == "input":
            continue
        for pointer, element in located.elements():
            if element.get("response_url_enabled"):
                problem = error_messages.misplaced_field(
                    "response_url_enabled", "in input blocks of modals"
                )
                yield problem_at(pointer, problem)


def limit_block_count(payload: Payload) -> Iterator[Problem]:
    """Check the number of blocks after the expansion of markdown blocks.

    Blocks of attachments count too; Slack does not document whether they do.
    """
    sent = sum(map(len, payload.lists.values()))
    added = sum(expansion.blocks - 1 for expansion in payload.expansions)
    max_blocks = MAX_BLOCKS[payload.surface]
    if sent + added > max_blocks:
        yield problem_at(payload.pointer, error_messages.too_many(max_blocks))


def allow_one_table(payload: Payload) -> Iterator[Problem]:
    """Check that there is at most one table of any type.

    Slack documents this for messages only; it is checked in Home tabs too.
    """
    tables = len(payload.of_type("table", "data_table"))
    if tables + sum(expansion.tables for expansion in payload.expansions) > 1:
        in_message = payload.surface is Surface.MESSAGE
        problem = (
            error_messages.second_table() if in_message else error_messages.too_many_of("table", 1)
        )
        yield problem_at(payload.pointer, problem)


def limit_table_characters(payload: Payload) -> Iterator[Problem]:
    """Check the total length of all table cells. Slack's error code for it is not public."""
    total = sum(expansion.cell_characters for expansion in payload.expansions)
    for located in payload.of_type("table", "data_table"):
        total += sum(count_cell_characters(cell) for row in located.block["rows"] for cell in row)
        if total > MAX_CELL_CHARACTERS:
            yield problem_at(
                f"{located.pointer}/rows", error_messages.too_long(MAX_CELL_CHARACTERS)
            )
            return


def count_cell_characters(value: Json) -> int:
    """Count the visible characters of a cell, or of a rich text element in one."""
    visible_text = str(value.get("text", value.get("value", "")))
    return len(visible_text) + sum(map(count_cell_characters, value.get("elements", ())))


def limit_blocks_of_type(payload: Payload) -> Iterator[Problem]:
    """Check the number of charts and plans."""
    for kind, max_blocks in MAX_BLOCKS_OF_TYPE.items():
        for located in payload.of_type(kind)[max_blocks:]:
            yield located.locate_problem(error_messages.too_many_of(kind, max_blocks))


def limit_message_characters(payload: Payload) -> Iterator[Problem]:
    """Check the total text of a message's blocks against the undocumented limit."""
    blocks = [block for blocks in payload.lists.values() for block in blocks]
    if sum(map(count_visible_characters, blocks)) > MAX_MESSAGE_CHARACTERS:
        yield error_messages.blocks_too_long(MAX_MESSAGE_CHARACTERS)


PayloadRule = Callable[[Payload], Iterable[Problem]]

COMMON_RULES: Sequence[PayloadRule] = (
    require_unique_block_ids,
    require_unique_action_ids,
    allow_one_focus,
    restrict_response_urls,
    limit_table_characters,
    limit_blocks_of_type,
    allow_one_table,
)
MESSAGE_RULES: Sequence[PayloadRule] = (
    limit_block_count,
    limit_message_characters,
)


def payload_problems(surface: Surface, lists: dict[str, list[Json]]) -> list[Problem]:
    """Return the problems of these lists of valid blocks as a whole.

    The keys of `lists` are the JSON pointers of the lists, that of the main list first.
    """
    payload = Payload(surface, lists)
    rules = (*COMMON_RULES, *MESSAGE_RULES) if surface is Surface.MESSAGE else COMMON_RULES
    return [problem for rule in rules for problem in rule(payload)]
