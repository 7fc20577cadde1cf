"""Views: modals and Home tabs, their fields, their limits, and what they need for inputs."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bot.sandbox.blockkit import wording
from bot.sandbox.blockkit.blocks import list_of_blocks
from bot.sandbox.blockkit.composition import plain_text
from bot.sandbox.blockkit.payload import Payload, at, payload_problems
from bot.sandbox.blockkit.problems import Problem
from bot.sandbox.blockkit.schema import AllOf, Check, Flag, Json, Obj, OneOf, Text
from bot.sandbox.blockkit.surfaces import Surface

MOST_BYTES = 250_000  # Slack says 250 kb

COMMON: dict[str, Check] = {
    "private_metadata": Text(3000, least=0),
    "callback_id": Text(255, least=0),
    "external_id": Text(255, least=0),
}

# `submit_disabled` exists only in configuration modals, which are gone; everything that Slack adds
# to a stored view (`id`, `hash`, `state` and so on) is refused when it is sent back.
MODAL = Obj(
    {"title": plain_text(24), "blocks": list_of_blocks(Surface.MODAL, least=1)},
    {
        "submit": plain_text(24),
        "close": plain_text(24),
        "clear_on_close": Flag(),
        "notify_on_close": Flag(),
        **COMMON,
    },
)
HOME = Obj({"blocks": list_of_blocks(Surface.HOME, least=1)}, COMMON)

VIEW = AllOf(OneOf({"modal": MODAL, "home": HOME}))


def check_view(view: object) -> list[Problem]:
    """Return what Slack would refuse in `view`, a modal or a Home tab as decoded JSON.

    Pointers are relative to the view. A view that is too large has `error="view_too_large"`.
    That an `external_id` is unique in a workspace, only the workspace can know.
    """
    found = VIEW(view)
    if found or not isinstance(view, dict):
        return list(found)
    lists = {"/blocks": view["blocks"]}
    payload = Payload(Surface(view["type"]), lists)
    return [
        *payload_problems(payload.surface, lists),
        *_submit_for_inputs(view, payload),
        *_small_enough(view),
    ]


def _submit_for_inputs(view: Json, payload: Payload) -> Iterator[Problem]:
    if view["type"] == "modal" and "submit" not in view:
        inputs = payload.of_type("input")
        yield from (at(it.pointer, wording.input_without_submit()) for it in inputs)


def _small_enough(view: Json) -> Iterator[Problem]:
    written = json.dumps(view, ensure_ascii=False, separators=(",", ":"))
    if len(written.encode(errors="surrogatepass")) > MOST_BYTES:
        yield wording.view_too_large(MOST_BYTES)
