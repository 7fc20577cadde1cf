"""blocks.validate: Slack's Block Kit validator, which needs no token."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from ..arguments import Arguments
from ..blockkit import (
    Problem,
    Surface,
    check_blocks,
    check_message,
    check_view,
    validate_error,
)
from ..errors import WebApiError, error_from_response
from ..json_codec import Json
from ..world import World

ContentKind = Literal["blocks", "view", "message"]
CHECKS: Mapping[ContentKind, Callable[[object], Sequence[Problem]]] = {
    "blocks": lambda value: check_blocks(value, Surface.MESSAGE),
    "view": check_view,
    "message": check_message,
}
EXACTLY_ONE_MESSAGE = "must provide exactly one of `blocks`, `view`, or `message`"


def validate(_world: World, args: Arguments) -> Json:
    """Handle blocks.validate."""
    kinds = [kind for kind in CHECKS if args.has(kind)]
    if len(kinds) != 1:
        raise WebApiError(
            error="invalid_arguments", response_metadata={"messages": [EXACTLY_ONE_MESSAGE]}
        )
    kind = kinds[0]
    problems = CHECKS[kind](_read_value(args, kind))
    if problems:
        raise error_from_response(validate_error(problems, kind=kind))
    return {}


def _read_value(args: Arguments, kind: ContentKind) -> object:
    try:
        return args.json(kind)
    except ValueError:
        error = f"invalid_{kind}"
        raise WebApiError(error) from None
