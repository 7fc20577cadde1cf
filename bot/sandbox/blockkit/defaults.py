"""Blocks as Slack stores and echoes them: what the sender left out is filled in."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping

from bot.sandbox.blockkit.element_state import INTERACTIVE, STATEFUL
from bot.sandbox.blockkit.payload_rules import NESTED_BLOCKS
from bot.sandbox.blockkit.schema import Json

IdFactory = Callable[[], str]

DEFAULTS: dict[str, Json] = {
    "plain_text": {"emoji": True},
    "mrkdwn": {"verbatim": False},
    "input": {"optional": False, "dispatch_action": False},
}

OPAQUE_KEY = "customizable_input_parameters"  # whatever an app wants to tell a workflow

ELEMENTS_WITH_ACTION_ID = INTERACTIVE.keys() | STATEFUL.keys()


def with_defaults(
    blocks: Iterable[Mapping[str, object]], make_id: IdFactory
) -> list[dict[str, object]]:
    """Return `blocks`, which must have passed their check, as Slack stores them.

    Blocks without a block_id and elements without an action_id get one from `make_id`, which must
    give a new one each time; texts and inputs get what they have by default. The blocks given
    are not changed, and share nothing with those returned.
    """
    return [_block_with_defaults(block, make_id) for block in blocks]


def view_with_defaults(view: Mapping[str, object], make_id: IdFactory) -> dict[str, object]:
    """Return `view`, which must have passed its check, with blocks and texts as Slack stores them.

    What a workspace adds to a stored view (ids, hash, state) is not this function's to know.
    """
    filled = {key: _fill_defaults(value, make_id) for key, value in view.items() if key != "blocks"}
    return filled | {"blocks": _blocks_with_defaults(view["blocks"], make_id)}


def _blocks_with_defaults(value: object, make_id: IdFactory) -> object:
    """Return the list of blocks in `value` as Slack stores them."""
    return with_defaults(value, make_id) if isinstance(value, list) else value


def _block_with_defaults(block: Mapping[str, object], make_id: IdFactory) -> Json:
    kind = str(block["type"])
    nested = NESTED_BLOCKS.get(kind)
    stored = {
        key: _blocks_with_defaults(value, make_id)
        if key == nested
        else _fill_defaults(value, make_id)
        for key, value in block.items()
    }
    _set_defaults(stored, kind)
    if kind == "markdown":  # Slack does not keep its block_id
        stored.pop("block_id", None)
    elif "block_id" not in stored:
        stored["block_id"] = make_id()
    return stored


def _fill_defaults(value: object, make_id: IdFactory) -> object:
    """Return a copy of `value`, any part of a block, with defaults in its texts and elements."""
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
    """Add to `value`, an object of this kind, what it says by default and does not say yet."""
    for key, default in DEFAULTS.get(kind, {}).items():
        value.setdefault(key, default)
