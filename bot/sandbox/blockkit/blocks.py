"""Blocks: every type, the surfaces that show it, its fields and their limits.

Where Slack's own lists disagree, its pages of September 2026 win over its older data file. They
differ on cards in modals, and on tables, containers and charts in Home tabs: all are admitted
here, although people report that Slack does not show some of them there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from bot.sandbox.blockkit import wording
from bot.sandbox.blockkit.charts import DATA_TABLE, DATA_VISUALIZATION, TABLE
from bot.sandbox.blockkit.composition import (
    BLOCK_ID,
    HTTPS_URL,
    SLACK_FILE,
    SLACK_ICON,
    WEB_URL,
    any_text,
    plain_text,
    text_objects,
)
from bot.sandbox.blockkit.elements import BUTTON, IMAGE, Place, allowed
from bot.sandbox.blockkit.problems import Problem
from bot.sandbox.blockkit.richtext import RICH_TEXT, RICH_TEXT_BLOCK
from bot.sandbox.blockkit.schema import (
    Check,
    Choice,
    Flag,
    Json,
    ListOf,
    Obj,
    OneOf,
    Rule,
    Text,
    Whole,
    at_least_one,
    exactly_one,
    not_both,
)
from bot.sandbox.blockkit.surfaces import EVERYWHERE, HOMES, MESSAGES, MODALS, Surface

MOST_BLOCKS = {Surface.MESSAGE: 50, Surface.MODAL: 100, Surface.HOME: 100}
MOST_MARKDOWN = 12_000  # characters, of one block and of all blocks of a message together

ONE_BUTTON = OneOf({"button": BUTTON})
ONE_IMAGE = OneOf({"image": IMAGE})


def _block(required: dict[str, Check], optional: dict[str, Check], *rules: Rule) -> Obj:
    return Obj(required, {"block_id": BLOCK_ID, **optional}, rules=rules)


# --- blocks that look the same wherever they are shown ---

ALERT = _block(
    {"text": any_text(200)},
    {"level": Choice("default", "info", "warning", "error", "success")},
)
CALL = _block({"call_id": Text()}, {})
CARD = _block(
    {},
    {
        "hero_image": ONE_IMAGE,
        "icon": ONE_IMAGE,
        "slack_icon": SLACK_ICON,
        "title": any_text(150),
        "subtitle": any_text(150),
        "body": any_text(200),
        "subtext": any_text(200),
        "actions": ListOf(ONE_BUTTON, 3),
    },
    at_least_one("hero_image", "title", "actions", "body"),
    not_both("icon", "slack_icon"),
)
CAROUSEL = _block({"elements": ListOf(OneOf({"card": CARD}), 10)}, {})
CONTEXT = _block(
    {"elements": ListOf(OneOf({"image": IMAGE, **text_objects(3000)}), 10)},
    {},
)
DIVIDER = _block({}, {})
HEADER = _block({"text": plain_text(150)}, {"level": Whole(1, 4)})
IMAGE_BLOCK = _block(
    {"alt_text": Text(2000)},
    {
        "image_url": Text(3000, pattern=WEB_URL),
        "slack_file": SLACK_FILE,
        "title": plain_text(2000),
    },
    *exactly_one("image_url", "slack_file"),
)
MARKDOWN = _block({"text": Text(MOST_MARKDOWN)}, {})
TASK_CARD = _block(
    {"task_id": Text(), "title": Text()},
    {
        "details": RICH_TEXT_BLOCK,
        "output": RICH_TEXT_BLOCK,
        "sources": ListOf(OneOf(allowed(Place.SOURCES, Surface.MESSAGE))),
        "status": Choice("pending", "in_progress", "complete", "error"),
    },
)
PLAN = _block({"title": Text()}, {"tasks": ListOf(OneOf({"task_card": TASK_CARD}))})
VIDEO = _block(
    {
        "alt_text": Text(2000),
        "title": plain_text(199),
        "thumbnail_url": Text(3000, pattern=WEB_URL),
        "video_url": Text(3000, pattern=HTTPS_URL),
    },
    {
        "title_url": Text(3000, pattern=HTTPS_URL),
        "description": plain_text(199),
        "author_name": Text(49),
        "provider_name": Text(),
        "provider_icon_url": Text(3000, pattern=WEB_URL),
    },
)


# --- blocks whose elements depend on the surface ---


def actions(surface: Surface) -> Obj:
    """Return the shape of an actions block."""
    return _block({"elements": ListOf(OneOf(allowed(Place.ACTIONS, surface)), 25)}, {})


def context_actions(surface: Surface) -> Obj:
    """Return the shape of a context_actions block."""
    return _block({"elements": ListOf(OneOf(allowed(Place.CONTEXT_ACTIONS, surface)), 5)}, {})


def section(surface: Surface) -> Obj:
    """Return the shape of a section."""
    optional: dict[str, Check] = {
        "text": any_text(3000),
        "fields": ListOf(any_text(2000), 10),
        "accessory": OneOf(allowed(Place.ACCESSORY, surface)),
        "expand": Flag(),
    }
    return _block({}, optional, at_least_one("text", "fields"))


def input_(surface: Surface) -> Obj:
    """Return the shape of an input block."""
    elements = allowed(Place.INPUT, surface)
    return _block(
        {"label": plain_text(2000), "element": OneOf(elements)},
        {"hint": plain_text(2000), "optional": Flag(), "dispatch_action": Flag()},
        _files_are_not_dispatched(list(elements)),
    )


def _files_are_not_dispatched(elements: list[str]) -> Rule:
    """With `dispatch_action`, a file input is a type that Slack does not know."""
    others = [name for name in elements if name != "file_input"]

    def rule(block: Json) -> Iterable[Problem]:
        if block.get("dispatch_action") and block["element"]["type"] == "file_input":
            yield wording.unsupported_type("file_input", others).within("element")

    return rule


# Slack's list also names `file`, which an app cannot send anywhere.
CHILDREN = (
    "actions",
    "context",
    "divider",
    "header",
    "image",
    "input",
    "rich_text",
    "section",
    "table",
    "video",
)


def container(surface: Surface) -> Obj:
    """Return the shape of a container, and of the blocks it may hold."""
    optional: dict[str, Check] = {
        "title": plain_text(150),
        "rich_text_title": RICH_TEXT_BLOCK,
        "subtitle": any_text(150),
        "icon": ONE_IMAGE,
        "width": Choice("narrow", "standard", "wide", "full"),
        "is_collapsible": Flag(),
        "default_collapsed": Flag(),
        "has_header_divider": Flag(),
    }
    return _block(
        {"child_blocks": ListOf(OneOf(shapes(surface, CHILDREN)), 10)},
        optional,
        at_least_one("title", "rich_text_title"),
        _only_what_collapses_is_collapsed,
    )


def _only_what_collapses_is_collapsed(block: Json) -> Iterable[Problem]:
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        yield wording.needs("default_collapsed", "is_collapsible")


# --- the table ---


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the table: the surfaces that show a block type, and its shape on each."""

    surfaces: frozenset[Surface]
    shape: Obj | Callable[[Surface], Obj]


# Two types are refused on every surface and therefore not here: `file`, which only Slack itself
# may put into a message, and `auth_provider`, for which Slack documents no surface.
BLOCKS: dict[str, Block] = {
    "actions": Block(EVERYWHERE, actions),
    "alert": Block(MODALS, ALERT),
    "call": Block(MESSAGES, CALL),
    "card": Block(EVERYWHERE, CARD),
    "carousel": Block(MESSAGES | HOMES, CAROUSEL),
    "container": Block(MESSAGES | HOMES, container),
    "context": Block(EVERYWHERE, CONTEXT),
    "context_actions": Block(MESSAGES, context_actions),
    "data_table": Block(MESSAGES | HOMES, DATA_TABLE),
    "data_visualization": Block(MESSAGES | HOMES, DATA_VISUALIZATION),
    "divider": Block(EVERYWHERE, DIVIDER),
    "header": Block(EVERYWHERE, HEADER),
    "image": Block(EVERYWHERE, IMAGE_BLOCK),
    "input": Block(EVERYWHERE, input_),
    "markdown": Block(MESSAGES, MARKDOWN),
    "plan": Block(MESSAGES, PLAN),
    "rich_text": Block(EVERYWHERE, RICH_TEXT),
    "section": Block(EVERYWHERE, section),
    "table": Block(MESSAGES | HOMES, TABLE),
    "task_card": Block(MESSAGES, TASK_CARD),
    "video": Block(EVERYWHERE, VIDEO),
}


def shapes(surface: Surface, names: Iterable[str] = BLOCKS) -> dict[str, Obj]:
    """Return the shapes of those of the named blocks that `surface` shows, by type."""
    shown = {name: BLOCKS[name] for name in names if surface in BLOCKS[name].surfaces}
    return {
        name: block.shape if isinstance(block.shape, Obj) else block.shape(surface)
        for name, block in shown.items()
    }


@cache
def list_of_blocks(surface: Surface, least: int = 0) -> ListOf:
    """Return the check of all blocks of a message or view."""
    return ListOf(OneOf(shapes(surface)), MOST_BLOCKS[surface], least=least)
