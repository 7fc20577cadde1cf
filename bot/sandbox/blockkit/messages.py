"""Messages: blocks with text and attachments around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.sandbox.blockkit import wording
from bot.sandbox.blockkit.blocks import list_of_blocks
from bot.sandbox.blockkit.payload import payload_problems
from bot.sandbox.blockkit.problems import Problem, Problems
from bot.sandbox.blockkit.schema import Check, Flag, Json, Obj, Text
from bot.sandbox.blockkit.surfaces import Surface

MOST_ATTACHMENTS = 100

BLOCKS = list_of_blocks(Surface.MESSAGE)

# The fields of an attachment; apart from `blocks`, they are old and their values are not checked.
ATTACHMENT_KEYS = frozenset(
    {
        "actions",
        "app_id",
        "app_unfurl_url",
        "author_icon",
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
        "image_url",
        "is_app_unfurl",
        "mrkdwn_in",
        "pretext",
        "preview",
        "text",
        "thumb_url",
        "title",
        "title_link",
        "ts",
    }
)


def _attachment(value: object) -> Problems:
    """Return what is wrong with one attachment."""
    if not isinstance(value, dict):
        return (wording.wrong_type("an object"),)
    if not value.keys() <= ATTACHMENT_KEYS:
        return (wording.attachment_keys(),)
    return [problem.within("blocks") for problem in BLOCKS(value.get("blocks", []))]


def _attachments(value: object) -> Problems:
    """Return what is wrong with the attachments of a message."""
    if not isinstance(value, list):
        return (wording.wrong_type("an array"),)
    if len(value) > MOST_ATTACHMENTS:
        return (wording.too_many_attachments(MOST_ATTACHMENTS),)
    return [
        problem.within(index) for index, item in enumerate(value) for problem in _attachment(item)
    ]


# Slack cuts a text that is too long instead of refusing it.
FIELDS: Mapping[str, Check] = {
    "text": Text(least=0),
    "blocks": BLOCKS,
    "attachments": _attachments,
    "thread_ts": Text(),
    "mrkdwn": Flag(),
}
MESSAGE = Obj(optional=FIELDS)


def check_blocks(blocks: object, surface: Surface) -> list[Problem]:
    """Return what Slack would refuse in `blocks`, decoded JSON, if they were shown on `surface`.

    Pointers are relative to the list. Blocks that are no list have
    `error="invalid_blocks_format"`.
    """
    if not isinstance(blocks, list):
        return [wording.not_blocks()]
    return list(list_of_blocks(surface)(blocks)) or payload_problems(surface, {"": blocks})


def check_message(message: object) -> list[Problem]:
    """Return what Slack would refuse in `message`: text, blocks and attachments as decoded JSON.

    Pointers are relative to the message: "/blocks/0/text", "/attachments/0/blocks/1".
    """
    found = MESSAGE(message)
    if found or not isinstance(message, dict):
        return list(found)
    return [*_something_said(message), *payload_problems(Surface.MESSAGE, _lists(message))]


def _something_said(message: Json) -> Iterator[Problem]:
    if not any(message.get(field) for field in ("text", "blocks", "attachments")):
        yield wording.nothing_said()


def _lists(message: Json) -> dict[str, list[Json]]:
    attached = {
        f"/attachments/{index}/blocks": attachment["blocks"]
        for index, attachment in enumerate(message.get("attachments", ()))
        if "blocks" in attachment
    }
    return {"/blocks": message.get("blocks", []), **attached}
