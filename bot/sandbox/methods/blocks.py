"""blocks.validate: Slack's own judge of Block Kit, which needs no token."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from bot.sandbox.arguments import Arguments
from bot.sandbox.blockkit import (
    Problem,
    Surface,
    check_blocks,
    check_message,
    check_view,
    validate_error,
)
from bot.sandbox.errors import Refusal, refused
from bot.sandbox.wire import Json
from bot.sandbox.world import World

Validated = Literal["blocks", "view", "message"]
CHECKS: Mapping[Validated, Callable[[object], Sequence[Problem]]] = {
    "blocks": lambda value: check_blocks(value, Surface.MESSAGE),
    "view": check_view,
    "message": check_message,
}
ONE_OF = "must provide exactly one of `blocks`, `view`, or `message`"


def validate(_world: World, args: Arguments) -> Json:
    """blocks.validate."""
    given = [kind for kind in CHECKS if args.has(kind)]
    if len(given) != 1:
        raise Refusal(error="invalid_arguments", response_metadata={"messages": [ONE_OF]})
    kind = given[0]
    problems = CHECKS[kind](_value(args, kind))
    if problems:
        raise refused(validate_error(problems, kind=kind))
    return {}


def _value(args: Arguments, kind: Validated) -> object:
    try:
        return args.data(kind)
    except ValueError:
        error = f"invalid_{kind}"
        raise Refusal(error) from None
