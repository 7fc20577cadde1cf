"""Element types: the positions in a block and the surfaces that allow each, and its schema."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from . import inputs, menus
from .composition import (
    ACTION_ID,
    ANY_URL,
    CONFIRM,
    SLACK_FILE,
    STYLE,
    WEB_URL,
    WORKFLOW,
    plain_text,
)
from .rich_text import URL, USER_ID
from .schema import (
    EnumSchema,
    ListSchema,
    ObjectSchema,
    StringSchema,
    exactly_one,
)
from .surfaces import EVERYWHERE, HOMES, MESSAGES, MODALS, Surface


class ElementPosition(Enum):
    """A position in a block that holds elements."""

    ACCESSORY = "section.accessory"
    ACTIONS = "actions"
    INPUT = "input"
    CONTEXT = "context"
    CONTEXT_ACTIONS = "context_actions"
    SOURCES = "task_card.sources"


@dataclass(frozen=True, slots=True)
class ElementType:
    """One row of the table: the positions, surfaces and schema of an element type."""

    positions: frozenset[ElementPosition]
    surfaces: frozenset[Surface]
    schema: ObjectSchema


ACCESSORY = frozenset({ElementPosition.ACCESSORY})
ACTIONS = frozenset({ElementPosition.ACTIONS})
INPUT = frozenset({ElementPosition.INPUT})
CONTEXT = frozenset({ElementPosition.CONTEXT})
CONTEXT_ACTIONS = frozenset({ElementPosition.CONTEXT_ACTIONS})
SOURCES = frozenset({ElementPosition.SOURCES})
ANY_INPUT_POSITION = ACCESSORY | ACTIONS | INPUT

VALUE = StringSchema(2000)
LABEL = StringSchema(75)  # accessibility_label, for screen readers

# The Python SDK's button also has `agent_prompt_display` and `visible_to_user_ids`. They are
# rejected because no known documentation page of Slack mentions them.
BUTTON = ObjectSchema(
    {"text": plain_text(75)},
    {
        "action_id": ACTION_ID,
        "url": StringSchema(3000, pattern=ANY_URL),
        "value": VALUE,
        "style": STYLE,
        "confirm": CONFIRM,
        "accessibility_label": LABEL,
        "agent_prompt": StringSchema(4000),
    },
)
WORKFLOW_BUTTON = ObjectSchema(
    {"text": plain_text(75), "workflow": WORKFLOW, "action_id": ACTION_ID},
    {"style": STYLE, "accessibility_label": LABEL},
)
FEEDBACK_BUTTON = ObjectSchema(
    {"text": plain_text(75), "value": VALUE}, {"accessibility_label": LABEL}
)
FEEDBACK_BUTTONS = ObjectSchema(
    {"positive_button": FEEDBACK_BUTTON, "negative_button": FEEDBACK_BUTTON},
    {"action_id": ACTION_ID},
)
ICON_BUTTON = ObjectSchema(
    {"icon": EnumSchema("trash"), "text": plain_text(75)},
    {
        "action_id": ACTION_ID,
        "value": VALUE,
        "confirm": CONFIRM,
        "accessibility_label": LABEL,
        "visible_to_user_ids": ListSchema(USER_ID, unique=True),
    },
)
IMAGE = ObjectSchema(
    {"alt_text": StringSchema(2000)},
    {"image_url": StringSchema(3000, pattern=WEB_URL), "slack_file": SLACK_FILE},
    rules=exactly_one("image_url", "slack_file"),
)
URL_SOURCE = ObjectSchema({"url": URL, "text": StringSchema()})

ELEMENTS: dict[str, ElementType] = {
    "button": ElementType(ACCESSORY | ACTIONS, EVERYWHERE, BUTTON),
    "checkboxes": ElementType(ANY_INPUT_POSITION, EVERYWHERE, menus.CHECKBOXES),
    "radio_buttons": ElementType(ANY_INPUT_POSITION, EVERYWHERE, menus.RADIO_BUTTONS),
    "static_select": ElementType(ANY_INPUT_POSITION, EVERYWHERE, menus.STATIC),
    "multi_static_select": ElementType(ANY_INPUT_POSITION, EVERYWHERE, menus.MULTI_STATIC),
    "external_select": ElementType(ANY_INPUT_POSITION, EVERYWHERE, menus.EXTERNAL),
    "multi_external_select": ElementType(ANY_INPUT_POSITION, EVERYWHERE, menus.MULTI_EXTERNAL),
    "users_select": ElementType(ANY_INPUT_POSITION, EVERYWHERE, menus.USERS),
    "multi_users_select": ElementType(ANY_INPUT_POSITION, EVERYWHERE, menus.MULTI_USERS),
    "conversations_select": ElementType(ANY_INPUT_POSITION, EVERYWHERE, menus.CONVERSATIONS),
    "multi_conversations_select": ElementType(
        ANY_INPUT_POSITION, EVERYWHERE, menus.MULTI_CONVERSATIONS
    ),
    "channels_select": ElementType(ANY_INPUT_POSITION, EVERYWHERE, menus.CHANNELS),
    "multi_channels_select": ElementType(ANY_INPUT_POSITION, EVERYWHERE, menus.MULTI_CHANNELS),
    "overflow": ElementType(ACCESSORY | ACTIONS, EVERYWHERE, menus.OVERFLOW),
    "datepicker": ElementType(ANY_INPUT_POSITION, EVERYWHERE, inputs.DATEPICKER),
    "timepicker": ElementType(ANY_INPUT_POSITION, EVERYWHERE, inputs.TIMEPICKER),
    "datetimepicker": ElementType(ACTIONS | INPUT, MESSAGES | MODALS, inputs.DATETIMEPICKER),
    "plain_text_input": ElementType(INPUT, EVERYWHERE, inputs.PLAIN_TEXT_INPUT),
    "rich_text_input": ElementType(ACTIONS | INPUT, MODALS | HOMES, inputs.RICH_TEXT_INPUT),
    "email_text_input": ElementType(INPUT, MODALS, inputs.EMAIL_TEXT_INPUT),
    "url_text_input": ElementType(INPUT, MODALS, inputs.URL_TEXT_INPUT),
    "number_input": ElementType(INPUT, MODALS, inputs.NUMBER_INPUT),
    "file_input": ElementType(INPUT, MODALS, inputs.FILE_INPUT),
    "image": ElementType(ACCESSORY | CONTEXT, EVERYWHERE, IMAGE),
    "workflow_button": ElementType(ACCESSORY | ACTIONS, MESSAGES, WORKFLOW_BUTTON),
    "feedback_buttons": ElementType(CONTEXT_ACTIONS, MESSAGES, FEEDBACK_BUTTONS),
    "icon_button": ElementType(CONTEXT_ACTIONS, MESSAGES, ICON_BUTTON),
    "url": ElementType(SOURCES, MESSAGES, URL_SOURCE),
}


def allowed_elements(position: ElementPosition, surface: Surface) -> dict[str, ObjectSchema]:
    """Return the schemas of the elements that `position` on `surface` allows, by type."""
    return {
        name: element.schema
        for name, element in ELEMENTS.items()
        if position in element.positions and surface in element.surfaces
    }
