"""Texts and options, which other structures hold."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class PlainText(TypedDict):
    """A plain_text object."""

    type: Literal["plain_text"]
    text: str
    emoji: bool


class OptionObject(TypedDict):
    """An option of a menu, of radio buttons or of checkboxes."""

    text: PlainText
    value: str
    description: NotRequired[PlainText]
