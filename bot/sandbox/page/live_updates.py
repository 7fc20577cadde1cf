"""Server-sent events that keep open pages up to date."""

from __future__ import annotations

import asyncio

from aiohttp import web

from ..json_codec import encode
from ..request_guard import SECURITY_HEADERS
from .page_session import PageSession

KEEPALIVE_SECONDS = 1.0
"""Longest time between updates; the clock and unread counts of others change without events."""

BATCH_SECONDS = 0.01
"""Seconds to wait after a change, so that simultaneous changes are sent in one update."""

STREAM_HEADERS = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}


async def stream_changes(request: web.Request, session: PageSession) -> web.StreamResponse:
    """Stream the changes of `session` as server-sent events until the page is closed."""
    response = web.StreamResponse(headers={**SECURITY_HEADERS, **STREAM_HEADERS})
    await response.prepare(request)
    changed = asyncio.Event()
    session.actor.client.change_events.append(changed)
    try:
        await _send_changes(response, session, changed)
    except ConnectionError:
        pass  # the page was closed
    finally:
        session.actor.client.change_events.remove(changed)
    return response


async def _send_changes(
    response: web.StreamResponse, session: PageSession, changed: asyncio.Event
) -> None:
    while True:
        changed.clear()
        update = session.take_changes()
        body = b"data: " + encode(update) if update else b": keep-alive"
        await response.write(body + b"\n\n")
        session.mark_read()  # only now: a message that did not reach the page is not read
        try:
            async with asyncio.timeout(KEEPALIVE_SECONDS):
                await changed.wait()
        except TimeoutError:
            continue
        await asyncio.sleep(BATCH_SECONDS)
