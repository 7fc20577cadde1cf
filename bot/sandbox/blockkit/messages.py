"""Validation of messages: text, blocks and attachments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from . import error_messages
from .blocks import block_list_schema
from .payload_rules import payload_problems
from .problems import Problem, Problems
from .schema import BooleanSchema, Check, Json, ObjectSchema, StringSchema
from .surfaces import Surface

MAX_ATTACHMENTS = 100

BLOCKS = block_list_schema(Surface.MESSAGE)

# The fields of an attachment. All but `blocks` are legacy fields, whose values are not checked.
ATTACHMENT_KEYS = frozenset(
    {
        "actions",
        "app_id",
        "app_unfurl_url",
        "attachment_type",
        "author_icon",
        "author_id",
        "author_link",
        "author_name",
        "author_subname",
        "blocks",
        "bot_id",
        "callback_id",
        "color",
        "fallback",
        "fields",
        "footer",
        "footer_icon",
        "from_url",
        "id",
        "image_bytes",
        "image_height",
        "image_url",
        "image_width",
        "is_app_unfurl",
        "mrkdwn_in",
        "pretext",
        "original_url",
        "preview",
        "service_icon",
        "service_name",
        "text",
        "thumb_height",
        "thumb_url",
        "thumb_width",
        "title",
        "title_link",
        "ts",
    }
)


def _attachment_problems(value: object) -> Problems:
    """Return the problems of one attachment."""
    if not isinstance(value, dict):
        return (error_messages.wrong_type("an object"),)
    if not value.keys() <= ATTACHMENT_KEYS:
        return (error_messages.attachment_keys(),)
    return [problem.within("blocks") for problem in BLOCKS(value.get("blocks", []))]


def _attachments_problems(value: object) -> Problems:
    """Return the problems of the attachments of a message."""
    if not isinstance(value, list):
        return (error_messages.wrong_type("an array"),)
    if len(value) > MAX_ATTACHMENTS:
        return (error_messages.too_many_attachments(MAX_ATTACHMENTS),)
    return [
        problem.within(index)
        for index, item in enumerate(value)
        for problem in _attachment_problems(item)
    ]


# `text` has no limit because Slack truncates a long text instead of rejecting it.
MESSAGE_FIELDS: Mapping[str, Check] = {
    "text": StringSchema(min_length=0),
    "blocks": BLOCKS,
    "attachments": _attachments_problems,
    "thread_ts": StringSchema(),
    "mrkdwn": BooleanSchema(),
}
MESSAGE = ObjectSchema(optional=MESSAGE_FIELDS)


def check_blocks(blocks: object, surface: Surface) -> list[Problem]:
    """Return the problems of `blocks`, decoded JSON, on `surface`.

    Pointers are relative to the list. If `blocks` is not a list, the problem has
    `error="invalid_blocks_format"`.
    """
    if not isinstance(blocks, list):
        return [error_messages.blocks_not_list()]
    return list(block_list_schema(surface)(blocks)) or payload_problems(surface, {"": blocks})


def check_message(message: object) -> list[Problem]:
    """Return the problems of `message`: text, blocks and attachments as decoded JSON.

    Pointers are relative to the message: "/blocks/0/text", "/attachments/0/blocks/1".
    """
    problems = MESSAGE(message)
    if problems or not isinstance(message, dict):
        return list(problems)
    return [*_check_not_empty(message), *payload_problems(Surface.MESSAGE, _block_lists(message))]


def _check_not_empty(message: Json) -> Iterator[Problem]:
    if not any(message.get(field) for field in ("text", "blocks", "attachments")):
        yield error_messages.empty_message()


def _block_lists(message: Json) -> dict[str, list[Json]]:
    attached = {
        f"/attachments/{index}/blocks": attachment["blocks"]
        for index, attachment in enumerate(message.get("attachments", ()))
        if "blocks" in attachment
    }
    return {"/blocks": message.get("blocks", []), **attached}
