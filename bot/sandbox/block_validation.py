"""Validation of blocks, views and messages, and the ids and defaults that Slack adds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .blockkit import (
    Problem,
    chat_error,
    check_message,
    check_view,
    view_error,
    view_with_defaults,
    with_defaults,
)
from .errors import VIEW_NOT_OBJECT, WebApiError, error_from_response, invalid_arguments
from .file_transfer import can_show_image
from .json_codec import Json
from .world import World

IdFactory = Callable[[], str]
INVALID_FILE_MESSAGE = "invalid slack file"
DOWNLOAD_FAILED_MESSAGE = "downloading image failed"
"""Slack's answer for an image that it cannot fetch. A legacy attachment has no such check."""


@dataclass(frozen=True, slots=True)
class MessageContent:
    """The blocks and attachments of a message in stored form; None if not given."""

    blocks: list[Json] | None
    attachments: list[Json] | None


def prepare_content(world: World, blocks: object, attachments: object) -> MessageContent:
    """Return the `blocks` and `attachments` of a message as Slack stores them.

    Raises:
        WebApiError: the error that chat.* methods return, such as `invalid_blocks`.
    """
    if blocks is not None and not isinstance(blocks, list):
        raise WebApiError(error="invalid_blocks_format")
    message: Json = {"text": "a placeholder, because empty messages are rejected elsewhere"}
    message |= {} if blocks is None else {"blocks": blocks}
    message |= {} if attachments is None else {"attachments": attachments}
    problems = check_message(message) or list(_invalid_images(world, message))
    if problems:
        raise error_from_response(chat_error(problems, prefix=""))
    make_id = world.ids.block_id
    return MessageContent(
        _blocks_with_defaults(blocks, make_id), _attachments_with_defaults(attachments, make_id)
    )


def prepare_view(world: World, view: object) -> Json:
    """Return a view as Slack stores it.

    Raises:
        WebApiError: `invalid_arguments` with pointers under /view, or `view_too_large`.
    """
    if not isinstance(view, dict):
        raise invalid_arguments(VIEW_NOT_OBJECT)
    problems = check_view(view) or list(_invalid_images(world, view))
    if problems:
        raise error_from_response(view_error(problems))
    return view_with_defaults(view, world.ids.block_id)


def _invalid_images(world: World, value: object, pointer: str = "") -> Iterator[Problem]:
    """Yield a problem for each `slack_file` and `image_url` that Slack could not show."""
    if isinstance(value, list):
        for position, item in enumerate(value):
            yield from _invalid_images(world, item, f"{pointer}/{position}")
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        if key == "slack_file" and not can_show_image(world, item):
            yield Problem(INVALID_FILE_MESSAGE, f"{pointer}/{key}")
        elif key == "image_url" and "type" in value and world.faults.consume_unfetchable(item):
            yield Problem(DOWNLOAD_FAILED_MESSAGE, f"{pointer}/{key}")
        else:
            yield from _invalid_images(world, item, f"{pointer}/{key}")


def _blocks_with_defaults(blocks: Any, make_id: IdFactory) -> list[Json] | None:  # noqa: ANN401 - validated JSON
    return None if blocks is None else with_defaults(blocks, make_id)


def _attachments_with_defaults(attachments: Any, make_id: IdFactory) -> list[Json] | None:  # noqa: ANN401 - validated JSON
    if attachments is None:
        return None
    return [_attachment_with_defaults(attachment, make_id) for attachment in attachments]


def _attachment_with_defaults(attachment: Json, make_id: IdFactory) -> Json:
    if "blocks" not in attachment:
        return attachment
    return attachment | {"blocks": with_defaults(attachment["blocks"], make_id)}
