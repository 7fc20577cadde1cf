"""Views: modals and the Home tab."""

from __future__ import annotations

from typing import Literal, TypedDict

from bot.slack.blockkit.types.blocks import Block
from bot.slack.blockkit.types.text_objects import PlainText


class SubmitButton(TypedDict, total=False):
    """The button that submits a modal, if there is one."""

    submit: PlainText


class PrivateMetadata(TypedDict, total=False):
    """What Slack returns with every payload of a modal, if anything."""

    private_metadata: str


class ModalView(SubmitButton, PrivateMetadata):
    """A modal."""

    type: Literal["modal"]
    callback_id: str
    title: PlainText
    close: PlainText
    blocks: list[Block]


class HomeView(TypedDict):
    """The Home tab."""

    type: Literal["home"]
    blocks: list[Block]
