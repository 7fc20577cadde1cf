"""What changes, told to open windows as it happens."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.sandbox.json_codec import encode
from bot.sandbox.page.page_session import PageSession
from bot.sandbox.request_guard import SECURITY_HEADERS

KEEPALIVE_SECONDS = 1.0
"""Seconds after which a window is looked after anyway: time passes, and others get messages."""

BATCH_SECONDS = 0.01
"""Seconds to wait for what changes at the same moment, so that it is told at once."""

STREAM_HEADERS = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}


async def stream_changes(request: web.Request, session: PageSession) -> web.StreamResponse:
    """Stream the changes of `window` as server-sent events until it is closed."""
    response = web.StreamResponse(headers={**SECURITY_HEADERS, **STREAM_HEADERS})
    await response.prepare(request)
    changed = asyncio.Event()
    session.actor.client.change_events.append(changed)
    try:
        await _send_changes(response, session, changed)
    except ConnectionError:
        pass  # the window was closed
    finally:
        session.actor.client.change_events.remove(changed)
    return response


async def _send_changes(
    response: web.StreamResponse, session: PageSession, changed: asyncio.Event
) -> None:
    while True:
        changed.clear()
        update = session.take_changes()
        body = b"data: " + encode(update) if update else b": still here"
        await response.write(body + b"\n\n")
        session.mark_read()  # not before: what a closed window would have shown, nobody has read
        try:
            async with asyncio.timeout(KEEPALIVE_SECONDS):
                await changed.wait()
        except TimeoutError:
            continue
        await asyncio.sleep(BATCH_SECONDS)
