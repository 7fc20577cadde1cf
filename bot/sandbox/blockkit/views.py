"""Views: modals and Home tabs, their fields, their limits, and what they need for inputs."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bot.sandbox.blockkit import error_messages
from bot.sandbox.blockkit.blocks import block_list_schema
from bot.sandbox.blockkit.composition import plain_text
from bot.sandbox.blockkit.payload_rules import Payload, payload_problems, problem_at
from bot.sandbox.blockkit.problems import Problem
from bot.sandbox.blockkit.schema import (
    AllOfSchema,
    BooleanSchema,
    Check,
    Json,
    ObjectSchema,
    OneOfSchema,
    StringSchema,
)
from bot.sandbox.blockkit.surfaces import Surface

MAX_VIEW_BYTES = 250_000  # Slack says 250 kb

COMMON_FIELDS: dict[str, Check] = {
    "private_metadata": StringSchema(3000, least=0),
    "callback_id": StringSchema(255, least=0),
    "external_id": StringSchema(255, least=0),
}

# `submit_disabled` exists only in configuration modals, which are gone; everything that Slack adds
# to a stored view (`id`, `hash`, `state` and so on) is refused when it is sent back.
MODAL = ObjectSchema(
    {"title": plain_text(24), "blocks": block_list_schema(Surface.MODAL, least=1)},
    {
        "submit": plain_text(24),
        "close": plain_text(24),
        "clear_on_close": BooleanSchema(),
        "notify_on_close": BooleanSchema(),
        **COMMON_FIELDS,
    },
)
HOME = ObjectSchema({"blocks": block_list_schema(Surface.HOME, least=1)}, COMMON_FIELDS)

VIEW = AllOfSchema(OneOfSchema({"modal": MODAL, "home": HOME}))


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
        *_check_submit(view, payload),
        *_check_size(view),
    ]


def _check_submit(view: Json, payload: Payload) -> Iterator[Problem]:
    if view["type"] == "modal" and "submit" not in view:
        inputs = payload.of_type("input")
        yield from (problem_at(it.pointer, error_messages.input_without_submit()) for it in inputs)


def _check_size(view: Json) -> Iterator[Problem]:
    written = json.dumps(view, ensure_ascii=False, separators=(",", ":"))
    if len(written.encode(errors="surrogatepass")) > MAX_VIEW_BYTES:
        yield error_messages.view_too_large(MAX_VIEW_BYTES)
