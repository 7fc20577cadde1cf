"""Menus, radio buttons and checkboxes: the shapes of all elements that a person picks from."""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.blockkit import agreement
from bot.sandbox.blockkit.composition import (
    ACTION_ID,
    BOX_OPTION,
    CONFIRM,
    CONVERSATION_FILTER,
    MENU_OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    PLACEHOLDER,
)
from bot.sandbox.blockkit.richtext import CHANNEL_ID, USER_ID
from bot.sandbox.blockkit.schema import Check, Flag, ListOf, Obj, Rule, Text, Whole, exactly_one

PICKED: Mapping[str, Check] = {
    "action_id": ACTION_ID,
    "confirm": CONFIRM,
    "focus_on_load": Flag(),
}
MENU: Mapping[str, Check] = {**PICKED, "placeholder": PLACEHOLDER}
MULTI: Mapping[str, Check] = {**MENU, "max_selected_items": Whole(1)}

OPTIONS: Mapping[str, Check] = {
    "options": ListOf(MENU_OPTION, 100),
    "option_groups": ListOf(OPTION_GROUP, 100),
}
QUERY: Mapping[str, Check] = {"min_query_length": Whole(0)}
FILTER: Mapping[str, Check] = {
    "default_to_current_conversation": Flag(),
    "filter": CONVERSATION_FILTER,
}
RESPONSE_URL: Mapping[str, Check] = {"response_url_enabled": Flag()}

CONVERSATION_ID = Text()


def _menu(initial: Mapping[str, Check], *more: Mapping[str, Check]) -> Obj:
    fields = {name: check for part in more for name, check in part.items()}
    return Obj(optional={**MENU, **initial, **fields})


def _multi(initial: Mapping[str, Check], *more: Mapping[str, Check]) -> Obj:
    fields = {name: check for part in more for name, check in part.items()}
    rules = [agreement.few_enough_initials(name) for name in initial]
    return Obj(optional={**MULTI, **initial, **fields}, rules=rules)


def _from_options(menu: Obj, offered: Rule) -> Obj:
    return Obj(
        optional={**menu.fields, **OPTIONS},
        rules=[*exactly_one("options", "option_groups"), offered, *menu.rules],
    )


OPTION_MENU = _menu({"initial_option": MENU_OPTION})
OPTIONS_MENU = _multi({"initial_options": ListOf(MENU_OPTION)})

STATIC = _from_options(OPTION_MENU, agreement.initial_option_offered)
MULTI_STATIC = _from_options(OPTIONS_MENU, agreement.initial_options_offered)
EXTERNAL = _menu({"initial_option": MENU_OPTION}, QUERY)
MULTI_EXTERNAL = _multi({"initial_options": ListOf(MENU_OPTION)}, QUERY)
USERS = _menu({"initial_user": USER_ID})
MULTI_USERS = _multi({"initial_users": ListOf(USER_ID, unique=True)})
CONVERSATIONS = _menu({"initial_conversation": CONVERSATION_ID}, FILTER, RESPONSE_URL)
MULTI_CONVERSATIONS = _multi(
    {"initial_conversations": ListOf(CONVERSATION_ID, unique=True)}, FILTER
)
CHANNELS = _menu({"initial_channel": CHANNEL_ID}, RESPONSE_URL)
MULTI_CHANNELS = _multi({"initial_channels": ListOf(CHANNEL_ID, unique=True)})

RADIO_BUTTONS = Obj(
    {"options": ListOf(BOX_OPTION, 10)},
    {**PICKED, "initial_option": BOX_OPTION},
    rules=[agreement.initial_option_offered],
)
CHECKBOXES = Obj(
    {"options": ListOf(BOX_OPTION, 10)},
    {**PICKED, "initial_options": ListOf(BOX_OPTION)},
    rules=[agreement.initial_options_offered],
)
OVERFLOW = Obj(
    {"options": ListOf(OVERFLOW_OPTION, 5)}, {"action_id": ACTION_ID, "confirm": CONFIRM}
)
