"""Private metadata of modals: dataclasses that Slack returns as JSON with the submission."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.errors import BotError

T = TypeVar("T")

_ADAPTERS: dict[object, TypeAdapter[Any]] = {}
"""A parser for each dataclass, built when first used."""


class UnreadableDialogError(BotError):
    """The bot could not read this dialog, so nothing was saved. Close it, and open it again."""


def parse_metadata(cls: type[T], text: str) -> T:
    """Parse the metadata of a modal into its dataclass.

    Raises:
        UnreadableDialogError: keys are missing, or values have another type.
    """
    try:
        parsed: T = _adapter_of(cls).validate_json(text, strict=True)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise UnreadableDialogError(problem=f"private_metadata: {problem}") from error
    return parsed


def _adapter_of(cls: type) -> TypeAdapter[Any]:
    if cls not in _ADAPTERS:
        _ADAPTERS[cls] = TypeAdapter(cls)
    return _ADAPTERS[cls]
