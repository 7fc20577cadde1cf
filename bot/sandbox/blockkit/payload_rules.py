"""What a whole message or view must keep to, beyond each block being right by itself.

These rules are asked only when every block has the right shape, as in Slack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot.sandbox.blockkit import error_messages
from bot.sandbox.blockkit.blocks import MAX_BLOCKS, MAX_MARKDOWN_CHARS
from bot.sandbox.blockkit.markdown import Expansion, expand_markdown
from bot.sandbox.blockkit.problems import Problem
from bot.sandbox.blockkit.schema import Json
from bot.sandbox.blockkit.surfaces import Surface

MAX_CELL_CHARACTERS = 10_000  # in all tables of a message together
# Slack publishes no limit for the text of all sections; above about this many characters people
# report msg_blocks_too_long.
MAX_SECTION_CHARACTERS = 13_200
MAX_BLOCKS_OF_TYPE = {"data_visualization": 2, "plan": 1}

# In which field of a block other blocks are, and in which its elements are.
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
        inside = self.block.get(field, ())
        here = f"{self.pointer}/{field}"
        if isinstance(inside, dict):
            yield here, inside
        else:
            yield from ((f"{here}/{index}", element) for index, element in enumerate(inside))

    def locate_problem(self, problem: Problem) -> Problem:
        """Return `problem`, found in this block."""
        return problem_at(self.pointer, problem)


def problem_at(pointer: str, problem: Problem) -> Problem:
    """Return `problem`, found at `pointer`."""
    return replace(problem, pointer=pointer + problem.pointer)


def locate_blocks(blocks: Sequence[Json], pointer: str) -> Iterator[LocatedBlock]:
    """Yield all `blocks` and those inside them; `pointer` is that of the list."""
    for index, block in enumerate(blocks):
        here = f"{pointer}/{index}"
        yield LocatedBlock(here, block)
        field = NESTED_BLOCKS.get(block["type"])
        if field and field in block:
            yield from locate_blocks(block[field], f"{here}/{field}")


@dataclass(frozen=True)
class Payload:
    """All blocks of one message or view: `lists` are its lists of blocks by their pointers."""

    surface: Surface
    lists: dict[str, list[Json]]

    @cached_property
    def blocks(self) -> list[LocatedBlock]:
        """All blocks, those inside others too."""
        return [
            found
            for pointer, blocks in self.lists.items()
            for found in locate_blocks(blocks, pointer)
        ]

    @cached_property
    def expansions(self) -> list[Expansion]:
        """What becomes of each markdown block."""
        return [expand_markdown(it.block["text"]) for it in self.of_type("markdown")]

    @property
    def pointer(self) -> str:
        """Where the main list of blocks is."""
        return next(iter(self.lists))

    def of_type(self, *kinds: str) -> list[LocatedBlock]:
        """Return all blocks of these types."""
        return [it for it in self.blocks if it.block["type"] in kinds]


def require_unique_block_ids(payload: Payload) -> Iterator[Problem]:
    """No two blocks have the same block_id. Slack ignores that of a markdown block."""
    seen: set[str] = set()
    for it in payload.blocks:
        block_id = it.block.get("block_id")
        if block_id is None or it.block["type"] == "markdown":
            continue
        if block_id in seen:
            yield it.locate_problem(error_messages.already_exists("block_id", block_id))
        seen.add(block_id)


def require_unique_action_ids(payload: Payload) -> Iterator[Problem]:
    """No two elements of the same block have the same action_id."""
    for it in payload.blocks:
        seen: set[str] = set()
        for pointer, element in it.elements():
            action_id = element.get("action_id")
            if action_id in seen:
                yield problem_at(pointer, error_messages.already_exists("action_id", action_id))
            if action_id is not None:
                seen.add(action_id)


def allow_one_focus(payload: Payload) -> Iterator[Problem]:
    """At most one element takes the focus. Slack says so of views; messages are held to it too."""
    focused = [
        pointer
        for it in payload.blocks
        for pointer, element in it.elements()
        if element.get("focus_on_load")
    ]
    yield from (problem_at(pointer, error_messages.second_focus()) for pointer in focused[1:])


def restrict_response_urls(payload: Payload) -> Iterator[Problem]:
    """Only a menu in an input block of a modal can ask for a response_url."""
    for it in payload.blocks:
        if payload.surface is Surface.MODAL and it.block["type"] == "input":
            continue
        for pointer, element in it.elements():
            if element.get("response_url_enabled"):
                problem = error_messages.misplaced_field(
                    "response_url_enabled", "in input blocks of modals"
                )
                yield problem_at(pointer, problem)


def limit_block_count(payload: Payload) -> Iterator[Problem]:
    """A message keeps to its number of blocks after its markdown blocks were expanded.

    Blocks of attachments are counted with it; Slack is silent on them.
    """
    sent = sum(map(len, payload.lists.values()))
    more = sum(expansion.blocks - 1 for expansion in payload.expansions)
    most = MAX_BLOCKS[payload.surface]
    if sent + more > most:
        yield problem_at(payload.pointer, error_messages.too_many(most))


def limit_markdown_length(payload: Payload) -> Iterator[Problem]:
    """All markdown blocks of a message share one limit. The one that exceeds it is named."""
    total = 0
    for it in payload.of_type("markdown"):
        total += len(it.block["text"])
        if total > MAX_MARKDOWN_CHARS:
            yield problem_at(f"{it.pointer}/text", error_messages.too_long(MAX_MARKDOWN_CHARS))
            return


def allow_one_table(payload: Payload) -> Iterator[Problem]:
    """A message has one table, of whichever type; Slack is silent on Home tabs, so they too."""
    tables = len(payload.of_type("table", "data_table"))
    if tables + sum(expansion.tables for expansion in payload.expansions) > 1:
        in_message = payload.surface is Surface.MESSAGE
        problem = (
            error_messages.second_table() if in_message else error_messages.too_many_of("table", 1)
        )
        yield problem_at(payload.pointer, problem)


def limit_table_characters(payload: Payload) -> Iterator[Problem]:
    """The cells of all tables share one limit. Slack's error code for it is not public."""
    total = sum(expansion.cell_characters for expansion in payload.expansions)
    for it in payload.of_type("table", "data_table"):
        total += sum(count_cell_characters(cell) for row in it.block["rows"] for cell in row)
        if total > MAX_CELL_CHARACTERS:
            yield problem_at(f"{it.pointer}/rows", error_messages.too_long(MAX_CELL_CHARACTERS))
            return


def count_cell_characters(value: Json) -> int:
    """Count the characters that a cell, or a part of a rich one, shows."""
    shown = str(value.get("text", value.get("value", "")))
    return len(shown) + sum(map(count_cell_characters, value.get("elements", ())))


def limit_blocks_of_type(payload: Payload) -> Iterator[Problem]:
    """A message has few charts and one plan."""
    for kind, most in MAX_BLOCKS_OF_TYPE.items():
        surplus = payload.of_type(kind)[most:]
        yield from (it.locate_problem(error_messages.too_many_of(kind, most)) for it in surplus)


def limit_section_characters(payload: Payload) -> Iterator[Problem]:
    """The sections of a message share an unwritten limit."""
    sections = [it.block for it in payload.of_type("section")]
    texts = [text for it in sections for text in (it.get("text"), *it.get("fields", ())) if text]
    if sum(len(text["text"]) for text in texts) > MAX_SECTION_CHARACTERS:
        yield error_messages.blocks_too_long(MAX_SECTION_CHARACTERS)


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
    limit_markdown_length,
    limit_section_characters,
)


def payload_problems(surface: Surface, lists: dict[str, list[Json]]) -> list[Problem]:
    """Return what is wrong with these lists of blocks as a whole; each block is right by itself.

    The keys of `lists` are the JSON pointers of the lists, the most important one first.
    """
    payload = Payload(surface, lists)
    rules = (*COMMON_RULES, *MESSAGE_RULES) if surface is Surface.MESSAGE else COMMON_RULES
    return [problem for rule in rules for problem in rule(payload)]
