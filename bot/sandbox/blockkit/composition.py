"""Schemas of composition objects, the parts that blocks and elements share.

Slack's limits: text object 1 to 3000 characters; option text 75, value 150, description 75;
confirmation title 100, text 300, buttons 30; placeholder 150.
"""

from __future__ import annotations

from functools import cache

from .schema import (
    AllOfSchema,
    AnySchema,
    BooleanSchema,
    Check,
    EnumSchema,
    ListSchema,
    ObjectSchema,
    OneOfSchema,
    StringSchema,
    exactly_one,
)

WEB_URL = r"https?://\S+"
HTTPS_URL = r"https://\S+"
ANY_URL = r"[A-Za-z][A-Za-z0-9+.-]*:\S+"  # buttons and links may also open slack:// or mailto:

BLOCK_ID = StringSchema(255)
ACTION_ID = StringSchema(255)


@cache
def text_objects(max_length: int) -> dict[str, ObjectSchema]:
    """Return the schemas of both text objects with up to `max_length` characters, by `type`."""
    return {
        "plain_text": ObjectSchema({"text": StringSchema(max_length)}, {"emoji": BooleanSchema()}),
        "mrkdwn": ObjectSchema({"text": StringSchema(max_length)}, {"verbatim": BooleanSchema()}),
    }


@cache
def any_text(max_length: int) -> Check:
    """Return the schema of a plain_text or mrkdwn object."""
    return AllOfSchema(OneOfSchema(text_objects(max_length)))


@cache
def plain_text(max_length: int) -> Check:
    """Return the schema of a plain_text object."""
    return AllOfSchema(OneOfSchema({"plain_text": text_objects(max_length)["plain_text"]}))


PLACEHOLDER = plain_text(150)
STYLE = EnumSchema("primary", "danger")

CONFIRM = ObjectSchema(
    {
        "title": plain_text(100),
        "text": any_text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    {"style": STYLE},
)

# Options of menus are plain text; those of radio buttons and checkboxes (BOX_OPTION) may also be
# mrkdwn. Only options of overflow menus may have a `url`.
MENU_OPTION = ObjectSchema(
    {"text": plain_text(75), "value": StringSchema(150)},
    {"description": plain_text(75)},
)
BOX_OPTION = ObjectSchema(
    {"text": any_text(75), "value": StringSchema(150)},
    {"description": any_text(75)},
)
OVERFLOW_OPTION = ObjectSchema(
    {"text": plain_text(75), "value": StringSchema(150)},
    {"description": plain_text(75), "url": StringSchema(3000, pattern=ANY_URL)},
)
OPTION_GROUP = ObjectSchema({"label": plain_text(75), "options": ListSchema(MENU_OPTION, 100)})

DISPATCH_CONFIG = ObjectSchema(
    {
        "trigger_actions_on": ListSchema(
            EnumSchema("on_enter_pressed", "on_character_entered"), 2, unique=True
        )
    }
)

CONVERSATION_FILTER = ObjectSchema(
    optional={
        "include": ListSchema(EnumSchema("im", "mpim", "private", "public"), unique=True),
        "exclude_external_shared_channels": BooleanSchema(),
        "exclude_bot_users": BooleanSchema(),
    },
    min_properties=1,
)

SLACK_FILE = ObjectSchema(
    optional={"id": StringSchema(), "url": StringSchema(3000, pattern=HTTPS_URL)},
    rules=exactly_one("id", "url"),
)

WORKFLOW = ObjectSchema(
    {
        "trigger": ObjectSchema(
            {"url": StringSchema(3000, pattern=HTTPS_URL)},
            {
                "customizable_input_parameters": ListSchema(
                    ObjectSchema({"name": StringSchema(), "value": AnySchema()}), min_items=0
                )
            },
        )
    }
)

# The icons that Slack offers for cards.
ICON_NAMES = (
    "archive|book|bookmark|bot|bug|calendar|call|caret-left|caret-right|check|"
    "clipboard|code|comment|compass|copy|cube|download|edit|email|eye-closed|"
    "eye-open|file|flag|folder|gear|globe|heart|help|image|info|key|lightbulb|"
    "link|map|mobile|new-window|pin|plus|refine|refresh|rocket|save|screen|"
    "share|sparkle|star|star-filled|tag|thumbs-down|thumbs-up|trash|upload|user|"
    "warning"
)
SLACK_ICON = OneOfSchema({"icon": ObjectSchema({"name": EnumSchema(*ICON_NAMES.split("|"))})})
