"""Schemas of menus, radio buttons and checkboxes."""

from __future__ import annotations

from collections.abc import Mapping

from . import field_rules
from .composition import (
    ACTION_ID,
    BOX_OPTION,
    CONFIRM,
    CONVERSATION_FILTER,
    MENU_OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    PLACEHOLDER,
)
from .rich_text import CHANNEL_ID, USER_ID
from .schema import (
    BooleanSchema,
    Check,
    IntegerSchema,
    ListSchema,
    ObjectSchema,
    Rule,
    StringSchema,
    exactly_one,
)

SELECT_FIELDS: Mapping[str, Check] = {
    "action_id": ACTION_ID,
    "confirm": CONFIRM,
    "focus_on_load": BooleanSchema(),
}
MENU_FIELDS: Mapping[str, Check] = {**SELECT_FIELDS, "placeholder": PLACEHOLDER}
MULTI_MENU_FIELDS: Mapping[str, Check] = {**MENU_FIELDS, "max_selected_items": IntegerSchema(1)}

OPTIONS_FIELDS: Mapping[str, Check] = {
    "options": ListSchema(MENU_OPTION, 100),
    "option_groups": ListSchema(OPTION_GROUP, 100),
}
QUERY_FIELDS: Mapping[str, Check] = {"min_query_length": IntegerSchema(0)}
FILTER_FIELDS: Mapping[str, Check] = {
    "default_to_current_conversation": BooleanSchema(),
    "filter": CONVERSATION_FILTER,
}
RESPONSE_URL_FIELDS: Mapping[str, Check] = {"response_url_enabled": BooleanSchema()}

CONVERSATION_ID = StringSchema()


def _menu_schema(initial: Mapping[str, Check], *extra_fields: Mapping[str, Check]) -> ObjectSchema:
    fields = {name: check for part in extra_fields for name, check in part.items()}
    return ObjectSchema(optional={**MENU_FIELDS, **initial, **fields})


def _multi_menu_schema(
    initial: Mapping[str, Check], *extra_fields: Mapping[str, Check]
) -> ObjectSchema:
    fields = {name: check for part in extra_fields for name, check in part.items()}
    rules = [field_rules.max_selected_rule(name) for name in initial]
    return ObjectSchema(optional={**MULTI_MENU_FIELDS, **initial, **fields}, rules=rules)


def _with_options(menu: ObjectSchema, initial_rule: Rule) -> ObjectSchema:
    return ObjectSchema(
        optional={**menu.fields, **OPTIONS_FIELDS},
        rules=[*exactly_one("options", "option_groups"), initial_rule, *menu.rules],
    )


STATIC = _with_options(
    _menu_schema({"initial_option": MENU_OPTION}), field_rules.check_initial_option
)
MULTI_STATIC = _with_options(
    _multi_menu_schema({"initial_options": ListSchema(MENU_OPTION)}),
    field_rules.check_initial_options,
)
EXTERNAL = _menu_schema({"initial_option": MENU_OPTION}, QUERY_FIELDS)
MULTI_EXTERNAL = _multi_menu_schema({"initial_options": ListSchema(MENU_OPTION)}, QUERY_FIELDS)
USERS = _menu_schema({"initial_user": USER_ID})
MULTI_USERS = _multi_menu_schema({"initial_users": ListSchema(USER_ID, unique=True)})
CONVERSATIONS = _menu_schema(
    {"initial_conversation": CONVERSATION_ID}, FILTER_FIELDS, RESPONSE_URL_FIELDS
)
MULTI_CONVERSATIONS = _multi_menu_schema(
    {"initial_conversations": ListSchema(CONVERSATION_ID, unique=True)}, FILTER_FIELDS
)
CHANNELS = _menu_schema({"initial_channel": CHANNEL_ID}, RESPONSE_URL_FIELDS)
MULTI_CHANNELS = _multi_menu_schema({"initial_channels": ListSchema(CHANNEL_ID, unique=True)})

RADIO_BUTTONS = ObjectSchema(
    {"options": ListSchema(BOX_OPTION, 10)},
    {**SELECT_FIELDS, "initial_option": BOX_OPTION},
    rules=[field_rules.check_initial_option],
)
CHECKBOXES = ObjectSchema(
    {"options": ListSchema(BOX_OPTION, 10)},
    {**SELECT_FIELDS, "initial_options": ListSchema(BOX_OPTION)},
    rules=[field_rules.check_initial_options],
)
OVERFLOW = ObjectSchema(
    {"options": ListSchema(OVERFLOW_OPTION, 5)}, {"action_id": ACTION_ID, "confirm": CONFIRM}
)
