"""The one place where blocks, views and messages are checked and given their missing ids."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.errors import Refusal, bad_argument
from bot.sandbox.wire import Json

MakeId = Callable[[], str]


def stored_blocks(blocks: object, make_id: MakeId) -> list[Json]:
    """Return the blocks of a message as Slack stores them.

    Raises:
        Refusal: `invalid_blocks`, or whatever else chat.* says to them.
    """
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    return _with_ids(blocks, make_id)


def stored_view(view: object, make_id: MakeId) -> Json:
    """Return a view as Slack stores it.

    Raises:
        Refusal: `invalid_arguments` with pointers under /view, or `view_too_large`.
    """
    if not isinstance(view, dict):
        raise bad_argument("must provide an object [json-pointer:/view]")
    return view | {"blocks": _with_ids(view.get("blocks") or [], make_id)}


def _with_ids(blocks: list[Json], make_id: MakeId) -> list[Json]:
    return [_with_id(block, make_id) for block in blocks]


def _with_id(block: Json, make_id: MakeId) -> Json:
    whole = {"block_id": make_id()} | block
    if isinstance(block.get("elements"), list) and block["type"] == "actions":
        whole["elements"] = [{"action_id": make_id()} | one for one in block["elements"]]
    for key in ("accessory", "element"):
        if block.get(key):
            whole[key] = {"action_id": make_id()} | block[key]
    return whole
