"""What changes, told to open windows as it happens."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.sandbox.guarding import HEADERS
from bot.sandbox.page.windows import Window
from bot.sandbox.wire import encode

STILL_HERE = 1.0
"""Seconds after which a window is looked after anyway: time passes, and others get messages."""

TOGETHER = 0.01
"""Seconds to wait for what changes at the same moment, so that it is told at once."""

STREAM = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}


async def tell_changes(request: web.Request, window: Window) -> web.StreamResponse:
    """Stream the changes of `window` as server-sent events until it is closed."""
    response = web.StreamResponse(headers={**HEADERS, **STREAM})
    await response.prepare(request)
    awake = asyncio.Event()
    window.actor.desk.watchers.append(awake)
    try:
        await _tell(response, window, awake)
    except ConnectionError:
        pass  # the window was closed
    finally:
        window.actor.desk.watchers.remove(awake)
    return response


async def _tell(response: web.StreamResponse, window: Window, awake: asyncio.Event) -> None:
    while True:
        awake.clear()
        update = window.update()
        body = b"data: " + encode(update) if update else b": still here"
        await response.write(body + b"\n\n")
        window.seen()  # not before: what a closed window would have shown, nobody has read
        try:
            async with asyncio.timeout(STILL_HERE):
                await awake.wait()
        except TimeoutError:
            continue
        await asyncio.sleep(TOGETHER)
