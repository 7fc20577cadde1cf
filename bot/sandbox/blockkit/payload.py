"""What a whole message or view must keep to, beyond each block being right by itself.

These rules are asked only when every block has the right shape, as in Slack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot.sandbox.blockkit import wording
from bot.sandbox.blockkit.blocks import MOST_BLOCKS, MOST_MARKDOWN
from bot.sandbox.blockkit.markdown import Expansion, expand
from bot.sandbox.blockkit.problems import Problem
from bot.sandbox.blockkit.schema import Json
from bot.sandbox.blockkit.surfaces import Surface

MOST_CELL_CHARACTERS = 10_000  # in all tables of a message together
# Slack publishes no limit for the text of all sections; above about this many characters people
# report msg_blocks_too_long.
MOST_SECTION_CHARACTERS = 13_200
MOST_OF_A_TYPE = {"data_visualization": 2, "plan": 1}

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
class Placed:
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

    def problem(self, problem: Problem) -> Problem:
        """Return `problem`, found in this block."""
        return at(self.pointer, problem)


def at(pointer: str, problem: Problem) -> Problem:
    """Return `problem`, found at `pointer`."""
    return replace(problem, pointer=pointer + problem.pointer)


def placed(blocks: Sequence[Json], pointer: str) -> Iterator[Placed]:
    """Yield all `blocks` and those inside them; `pointer` is that of the list."""
    for index, block in enumerate(blocks):
        here = f"{pointer}/{index}"
        yield Placed(here, block)
        field = NESTED_BLOCKS.get(block["type"])
        if field and field in block:
            yield from placed(block[field], f"{here}/{field}")


@dataclass(frozen=True)
class Payload:
    """All blocks of one message or view: `lists` are its lists of blocks by their pointers."""

    surface: Surface
    lists: dict[str, list[Json]]

    @cached_property
    def blocks(self) -> list[Placed]:
        """All blocks, those inside others too."""
        return [
            found for pointer, blocks in self.lists.items() for found in placed(blocks, pointer)
        ]

    @cached_property
    def expansions(self) -> list[Expansion]:
        """What becomes of each markdown block."""
        return [expand(it.block["text"]) for it in self.of_type("markdown")]

    @property
    def pointer(self) -> str:
        """Where the main list of blocks is."""
        return next(iter(self.lists))

    def of_type(self, *kinds: str) -> list[Placed]:
        """Return all blocks of these types."""
        return [it for it in self.blocks if it.block["type"] in kinds]


def unique_block_ids(payload: Payload) -> Iterator[Problem]:
    """No two blocks have the same block_id. Slack ignores that of a markdown block."""
    seen: set[str] = set()
    for it in payload.blocks:
        block_id = it.block.get("block_id")
        if block_id is None or it.block["type"] == "markdown":
            continue
        if block_id in seen:
            yield it.problem(wording.taken("block_id", block_id))
        seen.add(block_id)


def unique_action_ids(payload: Payload) -> Iterator[Problem]:
    """No two elements of the same block have the same action_id."""
    for it in payload.blocks:
        seen: set[str] = set()
        for pointer, element in it.elements():
            action_id = element.get("action_id")
            if action_id in seen:
                yield at(pointer, wording.taken("action_id", action_id))
            if action_id is not None:
                seen.add(action_id)


def one_focus(payload: Payload) -> Iterator[Problem]:
    """At most one element takes the focus. Slack says so of views; messages are held to it too."""
    focused = [
        pointer
        for it in payload.blocks
        for pointer, element in it.elements()
        if element.get("focus_on_load")
    ]
    yield from (at(pointer, wording.one_focus()) for pointer in focused[1:])


def response_urls_only_in_modals(payload: Payload) -> Iterator[Problem]:
    """Only a menu in an input block of a modal can ask for a response_url."""
    for it in payload.blocks:
        if payload.surface is Surface.MODAL and it.block["type"] == "input":
            continue
        for pointer, element in it.elements():
            if element.get("response_url_enabled"):
                problem = wording.out_of_place("response_url_enabled", "in input blocks of modals")
                yield at(pointer, problem)


def few_enough_blocks(payload: Payload) -> Iterator[Problem]:
    """A message keeps to its number of blocks after its markdown blocks were expanded.

    Blocks of attachments are counted with it; Slack is silent on them.
    """
    sent = sum(map(len, payload.lists.values()))
    more = sum(expansion.blocks - 1 for expansion in payload.expansions)
    most = MOST_BLOCKS[payload.surface]
    if sent + more > most:
        yield at(payload.pointer, wording.too_many(most))


def little_enough_markdown(payload: Payload) -> Iterator[Problem]:
    """All markdown blocks of a message share one limit. The one that exceeds it is named."""
    total = 0
    for it in payload.of_type("markdown"):
        total += len(it.block["text"])
        if total > MOST_MARKDOWN:
            yield at(f"{it.pointer}/text", wording.too_long(MOST_MARKDOWN))
            return


def one_table(payload: Payload) -> Iterator[Problem]:
    """A message has one table, of whichever type; Slack is silent on Home tabs, so they too."""
    tables = len(payload.of_type("table", "data_table"))
    if tables + sum(expansion.tables for expansion in payload.expansions) > 1:
        in_message = payload.surface is Surface.MESSAGE
        problem = wording.second_table() if in_message else wording.too_many_of("table", 1)
        yield at(payload.pointer, problem)


def little_enough_in_tables(payload: Payload) -> Iterator[Problem]:
    """The cells of all tables share one limit. Slack's error code for it is not public."""
    total = sum(expansion.cell_characters for expansion in payload.expansions)
    for it in payload.of_type("table", "data_table"):
        total += sum(cell_characters(cell) for row in it.block["rows"] for cell in row)
        if total > MOST_CELL_CHARACTERS:
            yield at(f"{it.pointer}/rows", wording.too_long(MOST_CELL_CHARACTERS))
            return


def cell_characters(value: Json) -> int:
    """Count the characters that a cell, or a part of a rich one, shows."""
    shown = str(value.get("text", value.get("value", "")))
    return len(shown) + sum(map(cell_characters, value.get("elements", ())))


def few_enough_of_a_type(payload: Payload) -> Iterator[Problem]:
    """A message has few charts and one plan."""
    for kind, most in MOST_OF_A_TYPE.items():
        surplus = payload.of_type(kind)[most:]
        yield from (it.problem(wording.too_many_of(kind, most)) for it in surplus)


def little_enough_in_sections(payload: Payload) -> Iterator[Problem]:
    """The sections of a message share an unwritten limit."""
    sections = [it.block for it in payload.of_type("section")]
    texts = [text for it in sections for text in (it.get("text"), *it.get("fields", ())) if text]
    if sum(len(text["text"]) for text in texts) > MOST_SECTION_CHARACTERS:
        yield wording.blocks_too_long(MOST_SECTION_CHARACTERS)


Rule = Callable[[Payload], Iterable[Problem]]

EVERYWHERE: Sequence[Rule] = (
    unique_block_ids,
    unique_action_ids,
    one_focus,
    response_urls_only_in_modals,
    little_enough_in_tables,
    few_enough_of_a_type,
    one_table,
)
IN_MESSAGES: Sequence[Rule] = (
    few_enough_blocks,
    little_enough_markdown,
    little_enough_in_sections,
)


def payload_problems(surface: Surface, lists: dict[str, list[Json]]) -> list[Problem]:
    """Return what is wrong with these lists of blocks as a whole; each block is right by itself.

    The keys of `lists` are the JSON pointers of the lists, the most important one first.
    """
    payload = Payload(surface, lists)
    rules = (*EVERYWHERE, *IN_MESSAGES) if surface is Surface.MESSAGE else EVERYWHERE
    return [problem for rule in rules for problem in rule(payload)]
