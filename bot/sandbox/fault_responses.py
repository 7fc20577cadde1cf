"""Responses of the endpoints that are not methods of the Web API, while a fault affects them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from .faults import INJECTED_FAILURE, Fault
from .world import World

NOT_FOUND_ERRORS = frozenset({"expired_url", "invalid_url", "used_url"})
"""Errors of a response_url that Slack answers with 404. Others are 400."""


@dataclass(frozen=True, slots=True)
class TextReply:
    """A status, a body of plain text and headers; `is_dropped` if nothing is sent at all."""

    status: int = 200
    text: str = "ok"
    retry_after: int = 0
    is_dropped: bool = False


async def reply_with_faults(
    world: World, endpoint: str, perform: Callable[[], Awaitable[TextReply]]
) -> TextReply:
    """Return the reply of `perform`, changed by the faults that affect `endpoint`.

    `perform` is not called if the fault prevents that the request takes effect.
    """
    faults = world.faults.take(endpoint)
    if faults.delay_seconds:
        await asyncio.sleep(faults.delay_seconds)
    fault = faults.failure
    if fault is None:
        return await perform()
    if fault.is_performed:
        await perform()
    return _failure_reply(fault)


def to_response(request: web.Request, reply: TextReply) -> web.Response:
    """Return `reply` as a response; close the connection if it is not to be sent."""
    if reply.is_dropped:
        drop_connection(request)
    headers = {"Retry-After": str(reply.retry_after)} if reply.retry_after else None
    return web.Response(status=reply.status or 200, text=reply.text, headers=headers)


def drop_connection(request: web.Request) -> None:
    """Close the connection, so that the client receives no response."""
    if request.transport is not None:
        request.transport.abort()


def _failure_reply(fault: Fault) -> TextReply:
    if fault.kind == "drop":
        return TextReply(0, "the connection was dropped", is_dropped=True)
    if fault.kind == "ratelimit":
        return TextReply(fault.status, "ratelimited", int(fault.seconds))
    if fault.kind == "error":
        return TextReply(404 if fault.error in NOT_FOUND_ERRORS else 400, fault.error)
    return TextReply(fault.status, fault.error or INJECTED_FAILURE)
