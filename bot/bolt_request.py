"""Requests for Bolt, from a body that HTTP or Socket Mode delivered."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.request.payload_utils import (
    to_action,
    to_command,
    to_event,
    to_message,
    to_options,
    to_shortcut,
    to_step,
    to_view,
)
from slack_bolt.response import BoltResponse

from bot.metrics import REQUEST_SECONDS, request_type
from bot.payload_problem import describe_problem
from bot.spans import span
from storage.correlation import correlate


class UnreadableBodyError(ValueError):
    """Bolt cannot read the types of the body. Slack sends no such body."""


PAYLOAD_READERS = (
    to_action,
    to_command,
    to_event,
    to_message,
    to_options,
    to_shortcut,
    to_step,
    to_view,
)
"""What Bolt calls on each payload, also before it calls our error handler."""


def build_bolt_request(body: dict[str, Any]) -> AsyncBoltRequest:
    """Return the request for a parsed body. Its signature was checked, or a socket delivered it.

    Raises:
        UnreadableBodyError: Bolt fails on the types of the body.
    """
    try:
        for read_part in PAYLOAD_READERS:
            read_part(body)
        return AsyncBoltRequest(body=body, mode="socket_mode")
    except Exception as error:  # Bolt reads ids without checking types, and fails in many ways
        raise UnreadableBodyError(describe_problem(body, error)) from error


async def dispatch(bolt_app: AsyncApp, body: dict[str, Any]) -> BoltResponse:
    """Let Bolt handle a body, under a new correlation id, measured and traced.

    Raises:
        UnreadableBodyError: Bolt fails on the types of the body.
    """
    kind = request_type(body)
    with correlate(), REQUEST_SECONDS.labels(kind).time(), span("request", type=kind):
        return await bolt_app.async_dispatch(build_bolt_request(body))
