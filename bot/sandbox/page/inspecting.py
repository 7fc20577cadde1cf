"""The traffic between the workspace and the app, to look through."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.sandbox.blockkit import INTERACTIVE
from bot.sandbox.page.drawing import draw_traffic
from bot.sandbox.traffic import Record
from bot.sandbox.wire import Json, as_list, as_object
from bot.sandbox.world import World

MOST_ROWS = 200
"""Records that are shown at once; the newest."""


@dataclass(frozen=True, slots=True)
class Row:
    """A request and its response, as the page shows them."""

    number: int
    time: str
    is_out: bool
    kind: str
    about: str
    status: int
    problems: tuple[str, ...]
    took: str
    request: str
    response: str

    @property
    def verdict(self) -> str:
        """What came of it, in a word."""
        return "refused" if self.problems else "fine"


def rows(world: World, after: int = 0) -> list[Row]:
    """Return the records later than number `after`, the newest first."""
    found = []
    for number, record in world.traffic.numbered(after):
        found.append(_row(number, record))
        if len(found) == MOST_ROWS:
            break
    return found


def _row(number: int, record: Record) -> Row:
    return Row(
        number=number,
        time=record.at.strftime("%H:%M:%S.%f")[:-3],
        is_out=record.direction == "out",
        kind=record.kind,
        about=_about(record),
        status=record.status,
        problems=record.problems,
        took=f"{record.took * 1000:.0f} ms",
        request=_pretty(record.request),
        response=_pretty(record.response),
    )


def _about(record: Record) -> str:
    """Return in a few words what a request was about."""
    request = as_object(record.request)
    actions = [as_object(one) for one in as_list(request.get("actions"))]
    if actions:
        return ", ".join(_used(one) for one in actions)
    event = as_object(request.get("event"))
    words = (
        request.get("text")
        or event.get("text")
        or as_object(request.get("view")).get("callback_id")
        or request.get("channel")
        or ""
    )
    return str(words)[:120]


def _used(action: Json) -> str:
    key = INTERACTIVE.get(str(action.get("type")), "value")
    value = action.get(key)
    chosen = value.get("value") if isinstance(value, dict) else value
    return f"{action.get('action_id')} = {chosen}"[:120]


def _pretty(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def rows_html(world: World, after: int) -> str:
    """Return the rows of a table, the newest first."""
    return draw_traffic(rows(world, after))
