"""Blocks as Slack stores and returns them, with ids and default values filled in."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping

from .element_state import INTERACTIVE, STATEFUL
from .payload_rules import NESTED_BLOCKS
from .schema import Json

IdFactory = Callable[[], str]

DEFAULTS: dict[str, Json] = {
    "plain_text": {"emoji": True},
    "mrkdwn": {"verbatim": False},
    "input": {"optional": False, "dispatch_action": False},
}

OPAQUE_KEY = "customizable_input_parameters"  # arbitrary JSON that an app passes to a workflow

ELEMENTS_WITH_ACTION_ID = INTERACTIVE.keys() | STATEFUL.keys()


def with_defaults(
    blocks: Iterable[Mapping[str, object]], make_id: IdFactory
) -> list[dict[str, object]]:
    """Return deep copies of `blocks`, which must be valid, as Slack stores them.

    Blocks without a block_id and elements without an action_id get one from `make_id`, which must
    return a new id each time. Texts and input blocks get their default fields.
    """
    return [_block_with_defaults(block, make_id) for block in blocks]


def view_with_defaults(view: Mapping[str, object], make_id: IdFactory) -> dict[str, object]:
    """Return `view`, which must be valid, with blocks and texts as Slack stores them.

    The caller adds the fields of a stored view that depend on the workspace: ids, hash, state.
    """
    filled = {key: _fill_defaults(value, make_id) for key, value in view.items() if key != "blocks"}
    return filled | {"blocks": _blocks_with_defaults(view["blocks"], make_id)}


def _blocks_with_defaults(value: object, make_id: IdFactory) -> object:
    """Return `value` as Slack stores it if it is a list of blocks, else unchanged."""
    return with_defaults(value, make_id) if isinstance(value, list) else value


def _block_with_defaults(block: Mapping[str, object], make_id: IdFactory) -> Json:
    kind = str(block["type"])
    nested_field = NESTED_BLOCKS.get(kind)
    stored = {
        key: _blocks_with_defaults(value, make_id)
        if key == nested_field
        else _fill_defaults(value, make_id)
        for key, value in block.items()
    }
    _set_defaults(stored, kind)
    if kind == "markdown":  # Slack does not store its block_id
        stored.pop("block_id", None)
    elif "block_id" not in stored:
        stored["block_id"] = make_id()
    return stored


def _fill_defaults(value: object, make_id: IdFactory) -> object:
    """Return a copy of `value`, any part of a block, with defaults in texts and elements."""
    if isinstance(value, list):
        return [_fill_defaults(item, make_id) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("type", "")
    filled = {
        key: copy.deepcopy(item) if key == OPAQUE_KEY else _fill_defaults(item, make_id)
        for key, item in value.items()
    }
    if "action_id" not in value and kind in ELEMENTS_WITH_ACTION_ID:
        filled["action_id"] = make_id()
    _set_defaults(filled, kind)
    return filled


def _set_defaults(value: Json, kind: str) -> None:
    """Add the missing default fields of type `kind` to `value`, in place."""
    for key, default in DEFAULTS.get(kind, {}).items():
        value.setdefault(key, default)
