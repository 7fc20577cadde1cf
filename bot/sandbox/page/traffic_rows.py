"""The traffic between the workspace and the app, to look through."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.sandbox.blockkit import INTERACTIVE
from bot.sandbox.json_codec import Json, as_list, as_object
from bot.sandbox.page.page_templates import render_traffic
from bot.sandbox.traffic import TrafficRecord
from bot.sandbox.world import World

MAX_ROWS = 200
"""Records that are shown at once; the newest."""


@dataclass(frozen=True, slots=True)
class TrafficRow:
    """A request and its response, as the page shows them."""

    number: int
    time: str
    is_outgoing: bool
    kind: str
    summary: str
    status: int
    problems: tuple[str, ...]
    duration: str
    request: str
    response: str

    @property
    def result(self) -> str:
        """What came of it, in a word."""
        return "refused" if self.problems else "fine"


def traffic_rows(world: World, after: int = 0) -> list[TrafficRow]:
    """Return the records later than number `after`, the newest first."""
    found = []
    for number, record in world.traffic.numbered_records(after):
        found.append(_build_row(number, record))
        if len(found) == MAX_ROWS:
            break
    return found


def _build_row(number: int, record: TrafficRecord) -> TrafficRow:
    return TrafficRow(
        number=number,
        time=record.finished_at.strftime("%H:%M:%S.%f")[:-3],
        is_outgoing=record.direction == "out",
        kind=record.kind,
        summary=_summarize_request(record),
        status=record.status,
        problems=record.problems,
        duration=f"{record.duration_seconds * 1000:.0f} ms",
        request=_format_body(record.request),
        response=_format_body(record.response),
    )


def _summarize_request(record: TrafficRecord) -> str:
    """Return in a few words what a request was about."""
    request = as_object(record.request)
    actions = [as_object(one) for one in as_list(request.get("actions"))]
    if actions:
        return ", ".join(_describe_action(one) for one in actions)
    event = as_object(request.get("event"))
    text = (
        request.get("text")
        or event.get("text")
        or as_object(request.get("view")).get("callback_id")
        or request.get("channel")
        or ""
    )
    return str(text)[:120]


def _describe_action(action: Json) -> str:
    key = INTERACTIVE.get(str(action.get("type")), "value")
    value = action.get(key)
    chosen = value.get("value") if isinstance(value, dict) else value
    return f"{action.get('action_id')} = {chosen}"[:120]


def _format_body(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def traffic_rows_html(world: World, after: int) -> str:
    """Return the rows of a table, the newest first."""
    return render_traffic(traffic_rows(world, after))
