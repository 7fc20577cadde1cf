"""The one place where blocks, views and messages are judged and given their missing ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.blockkit import (
    Problem,
    chat_error,
    check_message,
    check_view,
    view_error,
    view_with_defaults,
    with_defaults,
)
from bot.sandbox.errors import NO_VIEW, Refusal, bad_argument, refused
from bot.sandbox.storing import shows_picture
from bot.sandbox.wire import Json
from bot.sandbox.world import World

MakeId = Callable[[], str]
UNUSABLE_FILE = "invalid slack file"


@dataclass(frozen=True, slots=True)
class Content:
    """The blocks and attachments of a message in stored form; None where none were given."""

    blocks: list[Json] | None
    attachments: list[Json] | None


def stored_content(world: World, blocks: object, attachments: object) -> Content:
    """Return the `blocks` and `attachments` of a message as Slack stores them.

    Raises:
        Refusal: whatever chat.* says to them, such as `invalid_blocks`.
    """
    if blocks is not None and not isinstance(blocks, list):
        raise Refusal(error="invalid_blocks_format")
    message: Json = {"text": "whether a message says anything is judged elsewhere"}
    message |= {} if blocks is None else {"blocks": blocks}
    message |= {} if attachments is None else {"attachments": attachments}
    problems = check_message(message) or list(_bad_files(world, message))
    if problems:
        raise refused(chat_error(problems, prefix=""))
    make_id = world.names.block
    return Content(_blocks(blocks, make_id), _attachments(attachments, make_id))


def stored_view(world: World, view: object) -> Json:
    """Return a view as Slack stores it.

    Raises:
        Refusal: `invalid_arguments` with pointers under /view, or `view_too_large`.
    """
    if not isinstance(view, dict):
        raise bad_argument(NO_VIEW)
    problems = check_view(view) or list(_bad_files(world, view))
    if problems:
        raise refused(view_error(problems))
    return view_with_defaults(view, world.names.block)


def _bad_files(world: World, value: object, pointer: str = "") -> Iterator[Problem]:
    """Yield a problem for each `slack_file` that the app cannot show."""
    if isinstance(value, list):
        for position, one in enumerate(value):
            yield from _bad_files(world, one, f"{pointer}/{position}")
    for key, one in value.items() if isinstance(value, dict) else ():
        if key == "slack_file" and not shows_picture(world, one):
            yield Problem(UNUSABLE_FILE, f"{pointer}/slack_file")
        else:
            yield from _bad_files(world, one, f"{pointer}/{key}")


def _blocks(blocks: Any, make_id: MakeId) -> list[Json] | None:  # noqa: ANN401 - checked JSON
    return None if blocks is None else with_defaults(blocks, make_id)


def _attachments(given: Any, make_id: MakeId) -> list[Json] | None:  # noqa: ANN401 - likewise
    return None if given is None else [_attachment(one, make_id) for one in given]


def _attachment(given: Json, make_id: MakeId) -> Json:
    if "blocks" not in given:
        return given
    return given | {"blocks": with_defaults(given["blocks"], make_id)}
