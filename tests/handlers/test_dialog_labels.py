"""A button or menu option ends in “…” exactly if it opens a dialog."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

from bot.slack.client.modals import open_view, push_view
from bot.slack.parsing.action_ids import parse_block_action
from handlers import questions_expert, responses
from handlers.registry import ACTIONS
from tests.handlers.test_registry import all_rendered
from tests.slack.conftest import objects_in

OPENERS = (open_view, push_view)

NAMED_AS_ANSWERS = {"answer", "answer_test_task"}
"""Named as the answer that they give; a dialog follows only if a campaign asks for more."""

CONFIRMED_IN_PLACE = {"delete_item", "delete_found_items"}
"""They turn the open dialog into one that asks to confirm."""


def _functions_named_in(function: FunctionType) -> Iterator[object]:
    """Yield what the global names in a function stand for, also as attributes of modules."""
    names = list(_names_in(function.__code__))
    for name in names:
        value = function.__globals__.get(name)
        yield value
        if isinstance(value, ModuleType) and value.__name__.startswith("handlers."):
            yield from (getattr(value, attribute, None) for attribute in names)


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


def opens_dialog(handler: object) -> bool:
    """Tell whether a handler calls a function that opens a dialog, directly or through others.

    `handlers.responses` is left out: it answers a button of the Home tab in a dialog because there
    is no conversation to reply in.
    """
    found, waiting = set(), [handler]
    while waiting:
        function = waiting.pop()
        if function in OPENERS:
            return True
        if not isinstance(function, FunctionType) or function in found:
            continue
        found.add(function)
        is_ours = function.__module__.startswith("handlers.")
        if is_ours and function.__module__ != responses.__name__:
            waiting.extend(_functions_named_in(function))
    return False


def _commands() -> Iterator[tuple[str, str]]:
    """Yield the action and the label of every rendered button and option of an overflow menu."""
    for element in objects_in(all_rendered()):
        options: list[dict[str, Any]] = {
            "button": [element],
            "overflow": element.get("options", []),
        }.get(str(element.get("type")), [])
        for option in options:
            action = parse_block_action({**element, "value": option["value"]})
            yield action.name, option["text"]["text"]


def test_label_ends_in_dots_exactly_if_the_button_opens_a_dialog() -> None:
    labels = {pair for pair in _commands() if pair[0] not in NAMED_AS_ANSWERS}
    assert {name for name, _label in labels} == ACTIONS.keys() - NAMED_AS_ANSWERS - WITHOUT_LABEL
    wrong = {
        (name, label)
        for name, label in labels
        if label.endswith("…") != (name in CONFIRMED_IN_PLACE or opens_dialog(ACTIONS[name]))
    }
    assert wrong == set()


WITHOUT_LABEL = {"skip", "select_kind", "select_preset", "select_import_campaign", "start_from"}
"""Menus to choose from, whose options are no commands."""


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        (ACTIONS["reopen"], True),
        (ACTIONS["write_answer"], True),
        (questions_expert.open_menu_option, True),
        (ACTIONS["clone_campaign"], False),
        (ACTIONS["undo"], False),
        (open_view, True),
    ],
)
def test_dialogs_are_found_through_other_functions(
    handler: Callable[..., object], *, expected: bool
) -> None:
    assert opens_dialog(handler) is expected
