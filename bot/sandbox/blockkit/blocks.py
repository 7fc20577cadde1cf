"""Block types: the surfaces that show each, its fields and their limits.

Where Slack's own lists disagree, its documentation pages of September 2026 take precedence over
its older data file. They differ on cards in modals, and on tables, containers and charts in Home
tabs. All of these are allowed here, although users report that Slack does not show some of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from . import error_messages
from .composition import (
    BLOCK_ID,
    HTTPS_URL,
    SLACK_FILE,
    SLACK_ICON,
    WEB_URL,
    any_text,
    plain_text,
    text_objects,
)
from .data_blocks import DATA_TABLE, DATA_VISUALIZATION, TABLE
from .elements import BUTTON, IMAGE, ElementPosition, allowed_elements
from .problems import Problem
from .rich_text import RICH_TEXT, RICH_TEXT_BLOCK
from .schema import (
    BooleanSchema,
    Check,
    EnumSchema,
    IntegerSchema,
    Json,
    ListSchema,
    ObjectSchema,
    OneOfSchema,
    Rule,
    StringSchema,
    at_least_one,
    exactly_one,
    not_both,
)
from .surfaces import EVERYWHERE, HOMES, MESSAGES, MODALS, Surface

MAX_BLOCKS = {Surface.MESSAGE: 50, Surface.MODAL: 100, Surface.HOME: 100}

ONE_BUTTON = OneOfSchema({"button": BUTTON})
ONE_IMAGE = OneOfSchema({"image": IMAGE})


def _block_schema(
    required: dict[str, Check], optional: dict[str, Check], *rules: Rule
) -> ObjectSchema:
    return ObjectSchema(required, {"block_id": BLOCK_ID, **optional}, rules=rules)


# --- blocks with the same schema on every surface ---

ALERT = _block_schema(
    {"text": any_text(200)},
    {"level": EnumSchema("default", "info", "warning", "error", "success")},
)
CALL = _block_schema({"call_id": StringSchema()}, {})
CARD = _block_schema(
    {},
    {
        "hero_image": ONE_IMAGE,
        "icon": ONE_IMAGE,
        "slack_icon": SLACK_ICON,
        "title": any_text(150),
        "subtitle": any_text(150),
        "body": any_text(200),
        "subtext": any_text(200),
        "actions": ListSchema(ONE_BUTTON, 3),
    },
    at_least_one("hero_image", "title", "actions", "body"),
    not_both("icon", "slack_icon"),
)
CAROUSEL = _block_schema({"elements": ListSchema(OneOfSchema({"card": CARD}), 10)}, {})
CONTEXT = _block_schema(
    {"elements": ListSchema(OneOfSchema({"image": IMAGE, **text_objects(3000)}), 10)},
    {},
)
DIVIDER = _block_schema({}, {})
HEADER = _block_schema({"text": plain_text(150)}, {"level": IntegerSchema(1, 4)})
IMAGE_BLOCK = _block_schema(
    {"alt_text": StringSchema(2000)},
    {
        "image_url": StringSchema(3000, pattern=WEB_URL),
        "slack_file": SLACK_FILE,
        "title": plain_text(2000),
    },
    *exactly_one("image_url", "slack_file"),
)
# Slack documents 12,000 characters for all markdown blocks; the limit of a message is lower.
MARKDOWN = _block_schema({"text": StringSchema()}, {})
TASK_CARD = _block_schema(
    {"task_id": StringSchema(), "title": StringSchema()},
    {
        "details": RICH_TEXT_BLOCK,
        "output": RICH_TEXT_BLOCK,
        "sources": ListSchema(
            OneOfSchema(allowed_elements(ElementPosition.SOURCES, Surface.MESSAGE))
        ),
        "status": EnumSchema("pending", "in_progress", "complete", "error"),
    },
)
PLAN = _block_schema(
    {"title": StringSchema()}, {"tasks": ListSchema(OneOfSchema({"task_card": TASK_CARD}))}
)
VIDEO = _block_schema(
    {
        "alt_text": StringSchema(2000),
        "title": plain_text(199),
        "thumbnail_url": StringSchema(3000, pattern=WEB_URL),
        "video_url": StringSchema(3000, pattern=HTTPS_URL),
    },
    {
        "title_url": StringSchema(3000, pattern=HTTPS_URL),
        "description": plain_text(199),
        "author_name": StringSchema(49),
        "provider_name": StringSchema(),
        "provider_icon_url": StringSchema(3000, pattern=WEB_URL),
    },
)


# --- blocks whose elements depend on the surface ---


def actions_schema(surface: Surface) -> ObjectSchema:
    """Return the schema of an actions block."""
    return _block_schema(
        {
            "elements": ListSchema(
                OneOfSchema(allowed_elements(ElementPosition.ACTIONS, surface)), 25
            )
        },
        {},
    )


def context_actions_schema(surface: Surface) -> ObjectSchema:
    """Return the schema of a context_actions block."""
    return _block_schema(
        {
            "elements": ListSchema(
                OneOfSchema(allowed_elements(ElementPosition.CONTEXT_ACTIONS, surface)), 5
            )
        },
        {},
    )


def section_schema(surface: Surface) -> ObjectSchema:
    """Return the schema of a section block."""
    optional: dict[str, Check] = {
        "text": any_text(3000),
        "fields": ListSchema(any_text(2000), 10),
        "accessory": OneOfSchema(allowed_elements(ElementPosition.ACCESSORY, surface)),
        "expand": BooleanSchema(),
    }
    return _block_schema({}, optional, at_least_one("text", "fields"))


def input_schema(surface: Surface) -> ObjectSchema:
    """Return the schema of an input block."""
    elements = allowed_elements(ElementPosition.INPUT, surface)
    return _block_schema(
        {"label": plain_text(2000), "element": OneOfSchema(elements)},
        {"hint": plain_text(2000), "optional": BooleanSchema(), "dispatch_action": BooleanSchema()},
        _forbid_file_input_dispatch(list(elements)),
    )


def _forbid_file_input_dispatch(elements: list[str]) -> Rule:
    """Return a rule that reports a file input as unsupported if `dispatch_action` is set."""
    others = [name for name in elements if name != "file_input"]

    def rule(block: Json) -> Iterable[Problem]:
        if block.get("dispatch_action") and block["element"]["type"] == "file_input":
            yield error_messages.unsupported_type("file_input", others).within("element")

    return rule


# Slack's list also contains `file`, which an app cannot send on any surface.
CONTAINER_CHILD_TYPES = (
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


def container_schema(surface: Surface) -> ObjectSchema:
    """Return the schema of a container block and of its child blocks."""
    optional: dict[str, Check] = {
        "title": plain_text(150),
        "rich_text_title": RICH_TEXT_BLOCK,
        "subtitle": any_text(150),
        "icon": ONE_IMAGE,
        "width": EnumSchema("narrow", "standard", "wide", "full"),
        "is_collapsible": BooleanSchema(),
        "default_collapsed": BooleanSchema(),
        "has_header_divider": BooleanSchema(),
    }
    return _block_schema(
        {
            "child_blocks": ListSchema(
                OneOfSchema(block_schemas(surface, CONTAINER_CHILD_TYPES)), 10
            )
        },
        optional,
        at_least_one("title", "rich_text_title"),
        _collapsed_needs_collapsible,
    )


def _collapsed_needs_collapsible(block: Json) -> Iterable[Problem]:
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        yield error_messages.missing_dependency("default_collapsed", "is_collapsible")


# --- the table ---


@dataclass(frozen=True, slots=True)
class BlockType:
    """One row of the table: the surfaces that show a block type, and its schema on each."""

    surfaces: frozenset[Surface]
    schema: ObjectSchema | Callable[[Surface], ObjectSchema]


# Two types are missing here because every surface rejects them: only Slack itself puts a `file`
# block into a message, and Slack documents no surface for `auth_provider`.
BLOCKS: dict[str, BlockType] = {
    "actions": BlockType(EVERYWHERE, actions_schema),
    "alert": BlockType(MODALS, ALERT),
    "call": BlockType(MESSAGES, CALL),
    "card": BlockType(EVERYWHERE, CARD),
    "carousel": BlockType(MESSAGES | HOMES, CAROUSEL),
    "container": BlockType(MESSAGES | HOMES, container_schema),
    "context": BlockType(EVERYWHERE, CONTEXT),
    "context_actions": BlockType(MESSAGES, context_actions_schema),
    "data_table": BlockType(MESSAGES | HOMES, DATA_TABLE),
    "data_visualization": BlockType(MESSAGES | HOMES, DATA_VISUALIZATION),
    "divider": BlockType(EVERYWHERE, DIVIDER),
    "header": BlockType(EVERYWHERE, HEADER),
    "image": BlockType(EVERYWHERE, IMAGE_BLOCK),
    "input": BlockType(EVERYWHERE, input_schema),
    "markdown": BlockType(MESSAGES, MARKDOWN),
    "plan": BlockType(MESSAGES, PLAN),
    "rich_text": BlockType(EVERYWHERE, RICH_TEXT),
    "section": BlockType(EVERYWHERE, section_schema),
    "table": BlockType(MESSAGES | HOMES, TABLE),
    "task_card": BlockType(MESSAGES, TASK_CARD),
    "video": BlockType(EVERYWHERE, VIDEO),
}


def block_schemas(surface: Surface, names: Iterable[str] = BLOCKS) -> dict[str, ObjectSchema]:
    """Return the schemas of the named blocks that `surface` shows, by type."""
    shown = {name: BLOCKS[name] for name in names if surface in BLOCKS[name].surfaces}
    return {
        name: block.schema if isinstance(block.schema, ObjectSchema) else block.schema(surface)
        for name, block in shown.items()
    }


@cache
def block_list_schema(surface: Surface, min_items: int = 0) -> ListSchema:
    """Return the schema of the list of blocks of a message or view."""
    return ListSchema(OneOfSchema(block_schemas(surface)), MAX_BLOCKS[surface], min_items=min_items)
