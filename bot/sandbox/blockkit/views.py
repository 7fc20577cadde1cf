"""Validation of views: modals and Home tabs."""

from __future__ import annotations

import json
from collections.abc import Iterator

from . import error_messages
from .blocks import block_list_schema
from .composition import plain_text
from .payload_rules import Payload, payload_problems
from .problems import Problem
from .schema import (
    AllOfSchema,
    BooleanSchema,
    Check,
    Json,
    ObjectSchema,
    OneOfSchema,
    StringSchema,
)
from .surfaces import Surface

MAX_VIEW_BYTES = 250_000  # Slack documents "250 kb"

COMMON_FIELDS: dict[str, Check] = {
    "private_metadata": StringSchema(3000, min_length=0),
    "callback_id": StringSchema(255, min_length=0),
    "external_id": StringSchema(255, min_length=0),
}

# `submit_disabled` exists only in configuration modals, which Slack has retired. The fields that
# Slack adds to a stored view (`id`, `hash`, `state` and so on) are rejected when sent back.
MODAL = ObjectSchema(
    {"title": plain_text(24), "blocks": block_list_schema(Surface.MODAL, min_items=1)},
    {
        "submit": plain_text(24),
        "close": plain_text(24),
        "clear_on_close": BooleanSchema(),
        "notify_on_close": BooleanSchema(),
        **COMMON_FIELDS,
    },
)
HOME = ObjectSchema({"blocks": block_list_schema(Surface.HOME, min_items=1)}, COMMON_FIELDS)

VIEW = AllOfSchema(OneOfSchema({"modal": MODAL, "home": HOME}))


def check_view(view: object) -> list[Problem]:
    """Return the problems of `view`, a modal or a Home tab as decoded JSON.

    Pointers are relative to the view. If the view is too large, the problem has
    `error="view_too_large"`. The caller checks that `external_id` is unique in the workspace.
    """
    problems = VIEW(view)
    if problems or not isinstance(view, dict):
        return list(problems)
    lists = {"/blocks": view["blocks"]}
    payload = Payload(Surface(view["type"]), lists)
    return [
        *payload_problems(payload.surface, lists),
        *_check_submit(view, payload),
        *_check_size(view),
    ]


def _check_submit(view: Json, payload: Payload) -> Iterator[Problem]:
    if view["type"] == "modal" and "submit" not in view:
        for located in payload.of_type("input"):
            yield located.locate_problem(error_messages.input_without_submit())


def _check_size(view: Json) -> Iterator[Problem]:
    view_json = json.dumps(view, ensure_ascii=False, separators=(",", ":"))
    if len(view_json.encode(errors="surrogatepass")) > MAX_VIEW_BYTES:
        yield error_messages.view_too_large(MAX_VIEW_BYTES)
