"""Composition objects: the small objects that blocks and elements are made of, and their limits.

Slack's limits: text object 1 to 3000 characters; option text 75, value 150, description 75;
confirmation title 100, text 300, buttons 30; placeholder 150.
"""

from __future__ import annotations

from functools import cache

from bot.sandbox.blockkit.schema import (
    AllOf,
    Anything,
    Check,
    Choice,
    Flag,
    ListOf,
    Obj,
    OneOf,
    Text,
    exactly_one,
)

WEB_URL = r"https?://\S+"
HTTPS_URL = r"https://\S+"
ANY_URL = r"[A-Za-z][A-Za-z0-9+.-]*:\S+"  # buttons and links may open slack:// or mailto: too

BLOCK_ID = Text(255)
ACTION_ID = Text(255)


@cache
def text_objects(most: int) -> dict[str, Obj]:
    """Return both kinds of text object with up to `most` characters, by their `type`."""
    return {
        "plain_text": Obj({"text": Text(most)}, {"emoji": Flag()}),
        "mrkdwn": Obj({"text": Text(most)}, {"verbatim": Flag()}),
    }


@cache
def any_text(most: int) -> Check:
    """Return the check of a text object of either kind."""
    return AllOf(OneOf(text_objects(most)))


@cache
def plain_text(most: int) -> Check:
    """Return the check of a text object that must be plain text."""
    return AllOf(OneOf({"plain_text": text_objects(most)["plain_text"]}))


PLACEHOLDER = plain_text(150)
STYLE = Choice("primary", "danger")

CONFIRM = Obj(
    {
        "title": plain_text(100),
        "text": any_text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    {"style": STYLE},
)

# Menus take plain text only; radio buttons and checkboxes take mrkdwn as well; a `url` is for
# overflow menus alone.
MENU_OPTION = Obj(
    {"text": plain_text(75), "value": Text(150)},
    {"description": plain_text(75)},
)
BOX_OPTION = Obj(
    {"text": any_text(75), "value": Text(150)},
    {"description": any_text(75)},
)
OVERFLOW_OPTION = Obj(
    {"text": plain_text(75), "value": Text(150)},
    {"description": plain_text(75), "url": Text(3000, pattern=ANY_URL)},
)
OPTION_GROUP = Obj({"label": plain_text(75), "options": ListOf(MENU_OPTION, 100)})

DISPATCH_CONFIG = Obj(
    {
        "trigger_actions_on": ListOf(
            Choice("on_enter_pressed", "on_character_entered"), 2, unique=True
        )
    }
)

CONVERSATION_FILTER = Obj(
    optional={
        "include": ListOf(Choice("im", "mpim", "private", "public"), unique=True),
        "exclude_external_shared_channels": Flag(),
        "exclude_bot_users": Flag(),
    },
    least=1,
)

SLACK_FILE = Obj(
    optional={"id": Text(), "url": Text(3000, pattern=HTTPS_URL)}, rules=exactly_one("id", "url")
)

WORKFLOW = Obj(
    {
        "trigger": Obj(
            {"url": Text(3000, pattern=HTTPS_URL)},
            {
                "customizable_input_parameters": ListOf(
                    Obj({"name": Text(), "value": Anything()}), least=0
                )
            },
        )
    }
)

# The icons that Slack offers to cards.
ICON_NAMES = (
    "archive|book|bookmark|bot|bug|calendar|call|caret-left|caret-right|check|"
    "clipboard|code|comment|compass|copy|cube|download|edit|email|eye-closed|"
    "eye-open|file|flag|folder|gear|globe|heart|help|image|info|key|lightbulb|"
    "link|map|mobile|new-window|pin|plus|refine|refresh|rocket|save|screen|"
    "share|sparkle|star|star-filled|tag|thumbs-down|thumbs-up|trash|upload|user|"
    "warning"
)
SLACK_ICON = OneOf({"icon": Obj({"name": Choice(*ICON_NAMES.split("|"))})})
