"""Rows of the traffic page: requests between the workspace and the app."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ..blockkit import INTERACTIVE
from ..json_codec import Json, as_list, as_object
from ..traffic import TrafficRecord
from ..world import World
from .page_templates import render_traffic

MAX_ROWS = 200
"""Records rendered at once, newest first."""

MAX_SUMMARY_CHARS = 120


@dataclass(frozen=True, slots=True)
class TrafficRow:
    """A request and its response, formatted for the page."""

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


def traffic_rows(world: World, after: int = 0) -> list[TrafficRow]:
    """Return the records later than number `after`, newest first."""
    rows = []
    for number, record in world.traffic.numbered_records(after):
        rows.append(_build_row(number, record))
        if len(rows) == MAX_ROWS:
            break
    return rows


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
    """Return the actions of a request, or its text, callback_id or channel."""
    request = as_object(record.request)
    actions = [as_object(action) for action in as_list(request.get("actions"))]
    if actions:
        return ", ".join(_describe_action(action) for action in actions)
    event = as_object(request.get("event"))
    text = (
        request.get("text")
        or event.get("text")
        or as_object(request.get("view")).get("callback_id")
        or request.get("channel")
        or ""
    )
    return str(text)[:MAX_SUMMARY_CHARS]


def _describe_action(action: Json) -> str:
    key = INTERACTIVE.get(str(action.get("type")), "value")
    value = action.get(key)
    shown_value = value.get("value") if isinstance(value, dict) else value
    return f"{action.get('action_id')} = {shown_value}"[:MAX_SUMMARY_CHARS]


def _format_body(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def traffic_rows_html(world: World, after: int) -> str:
    """Return the HTML of the records later than number `after`, newest first."""
    return render_traffic(traffic_rows(world, after))
