"""Responses: to a submitted modal, and to a `response_url`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NotRequired, TypeAlias, TypedDict

from bot.slack.blockkit.types.blocks import Block
from bot.slack.blockkit.types.text_objects import OptionObject
from bot.slack.blockkit.types.views import ModalView


class ViewResponse(TypedDict):
    """A modal that Slack shows in place of the submitted one, or on top of it."""

    response_action: Literal["update", "push"]
    view: ModalView


class ClearResponse(TypedDict):
    """Slack closes the submitted modal and those below it."""

    response_action: Literal["clear"]


class OptionsResponse(TypedDict):
    """The options of a menu that asks for them while the person types."""

    options: list[OptionObject]


class ErrorResponse(TypedDict):
    """Errors that Slack shows in the submitted modal, by `block_id`."""

    response_action: Literal["errors"]
    errors: Mapping[str, str]


SubmissionAnswer: TypeAlias = ViewResponse | ClearResponse | ErrorResponse
"""What Slack does with a submitted modal instead of closing it."""


class MessageResponse(TypedDict):
    """A message for a `response_url`. It replaces the original or is ephemeral."""

    text: str
    response_type: NotRequired[Literal["ephemeral"]]
    replace_original: NotRequired[bool]
    blocks: NotRequired[list[Block]]
