"""Block elements: every type, where it may sit, on which surfaces, and what it looks like."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.sandbox.blockkit import inputs, menus
from bot.sandbox.blockkit.composition import (
    ACTION_ID,
    ANY_URL,
    CONFIRM,
    SLACK_FILE,
    STYLE,
    WEB_URL,
    WORKFLOW,
    plain_text,
)
from bot.sandbox.blockkit.richtext import URL, USER_ID
from bot.sandbox.blockkit.schema import Choice, ListOf, Obj, Text, exactly_one
from bot.sandbox.blockkit.surfaces import EVERYWHERE, HOMES, MESSAGES, MODALS, Surface


class Place(Enum):
    """Where in a block an element may sit."""

    ACCESSORY = "section.accessory"
    ACTIONS = "actions"
    INPUT = "input"
    CONTEXT = "context"
    CONTEXT_ACTIONS = "context_actions"
    SOURCES = "task_card.sources"


@dataclass(frozen=True, slots=True)
class Element:
    """One line of the table: where an element type may sit, on which surfaces, and its shape."""

    places: frozenset[Place]
    surfaces: frozenset[Surface]
    shape: Obj


ACCESSORY = frozenset({Place.ACCESSORY})
ACTIONS = frozenset({Place.ACTIONS})
INPUT = frozenset({Place.INPUT})
CONTEXT = frozenset({Place.CONTEXT})
CONTEXT_ACTIONS = frozenset({Place.CONTEXT_ACTIONS})
SOURCES = frozenset({Place.SOURCES})
ALL_THREE = ACCESSORY | ACTIONS | INPUT

VALUE = Text(2000)
LABEL = Text(75)  # of a button, for screen readers

# The Python SDK's button also has `agent_prompt_display` and `visible_to_user_ids`. Slack's pages
# that were found are silent on them, so they are refused.
BUTTON = Obj(
    {"text": plain_text(75)},
    {
        "action_id": ACTION_ID,
        "url": Text(3000, pattern=ANY_URL),
        "value": VALUE,
        "style": STYLE,
        "confirm": CONFIRM,
        "accessibility_label": LABEL,
        "agent_prompt": Text(4000),
    },
)
WORKFLOW_BUTTON = Obj(
    {"text": plain_text(75), "workflow": WORKFLOW, "action_id": ACTION_ID},
    {"style": STYLE, "accessibility_label": LABEL},
)
FEEDBACK_BUTTON = Obj({"text": plain_text(75), "value": VALUE}, {"accessibility_label": LABEL})
FEEDBACK_BUTTONS = Obj(
    {"positive_button": FEEDBACK_BUTTON, "negative_button": FEEDBACK_BUTTON},
    {"action_id": ACTION_ID},
)
ICON_BUTTON = Obj(
    {"icon": Choice("trash"), "text": plain_text(75)},
    {
        "action_id": ACTION_ID,
        "value": VALUE,
        "confirm": CONFIRM,
        "accessibility_label": LABEL,
        "visible_to_user_ids": ListOf(USER_ID, unique=True),
    },
)
IMAGE = Obj(
    {"alt_text": Text(2000)},
    {"image_url": Text(3000, pattern=WEB_URL), "slack_file": SLACK_FILE},
    rules=exactly_one("image_url", "slack_file"),
)
URL_SOURCE = Obj({"url": URL, "text": Text()})

ELEMENTS: dict[str, Element] = {
    "button": Element(ACCESSORY | ACTIONS, EVERYWHERE, BUTTON),
    "checkboxes": Element(ALL_THREE, EVERYWHERE, menus.CHECKBOXES),
    "radio_buttons": Element(ALL_THREE, EVERYWHERE, menus.RADIO_BUTTONS),
    "static_select": Element(ALL_THREE, EVERYWHERE, menus.STATIC),
    "multi_static_select": Element(ALL_THREE, EVERYWHERE, menus.MULTI_STATIC),
    "external_select": Element(ALL_THREE, EVERYWHERE, menus.EXTERNAL),
    "multi_external_select": Element(ALL_THREE, EVERYWHERE, menus.MULTI_EXTERNAL),
    "users_select": Element(ALL_THREE, EVERYWHERE, menus.USERS),
    "multi_users_select": Element(ALL_THREE, EVERYWHERE, menus.MULTI_USERS),
    "conversations_select": Element(ALL_THREE, EVERYWHERE, menus.CONVERSATIONS),
    "multi_conversations_select": Element(ALL_THREE, EVERYWHERE, menus.MULTI_CONVERSATIONS),
    "channels_select": Element(ALL_THREE, EVERYWHERE, menus.CHANNELS),
    "multi_channels_select": Element(ALL_THREE, EVERYWHERE, menus.MULTI_CHANNELS),
    "overflow": Element(ACCESSORY | ACTIONS, EVERYWHERE, menus.OVERFLOW),
    "datepicker": Element(ALL_THREE, EVERYWHERE, inputs.DATEPICKER),
    "timepicker": Element(ALL_THREE, EVERYWHERE, inputs.TIMEPICKER),
    "datetimepicker": Element(ACTIONS | INPUT, MESSAGES | MODALS, inputs.DATETIMEPICKER),
    "plain_text_input": Element(INPUT, EVERYWHERE, inputs.PLAIN_TEXT_INPUT),
    "rich_text_input": Element(ACTIONS | INPUT, MODALS | HOMES, inputs.RICH_TEXT_INPUT),
    "email_text_input": Element(INPUT, MODALS, inputs.EMAIL_TEXT_INPUT),
    "url_text_input": Element(INPUT, MODALS, inputs.URL_TEXT_INPUT),
    "number_input": Element(INPUT, MODALS, inputs.NUMBER_INPUT),
    "file_input": Element(INPUT, MODALS, inputs.FILE_INPUT),
    "image": Element(ACCESSORY | CONTEXT, EVERYWHERE, IMAGE),
    "workflow_button": Element(ACCESSORY | ACTIONS, MESSAGES, WORKFLOW_BUTTON),
    "feedback_buttons": Element(CONTEXT_ACTIONS, MESSAGES, FEEDBACK_BUTTONS),
    "icon_button": Element(CONTEXT_ACTIONS, MESSAGES, ICON_BUTTON),
    "url": Element(SOURCES, MESSAGES, URL_SOURCE),
}


def allowed(place: Place, surface: Surface) -> dict[str, Obj]:
    """Return the shapes of the elements that may sit in `place` on `surface`, by type."""
    return {
        name: element.shape
        for name, element in ELEMENTS.items()
        if place in element.places and surface in element.surfaces
    }
