"""Who may talk to the pages and the control API: this machine, and no other site's pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""What every page says of itself: nothing is loaded from elsewhere, and nothing may frame it."""

SAFE_METHODS = frozenset({"GET", "HEAD"})

RequestHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guard_requests(handler: RequestHandler) -> RequestHandler:
    """Return `answer` for requests from this machine's own tools and pages only.

    The Host has to be a loopback name, so that no name of another site that was pointed at this
    machine gets in. A browser says with Origin and Sec-Fetch-Site which page is asking; only
    pages of this server may change anything.
    """

    async def handle_if_allowed(request: web.Request) -> web.StreamResponse:
        reason = rejection_reason(request)
        if reason:
            body = {"ok": False, "error": "forbidden", "message": reason}
            return web.json_response(body, status=403, headers=SECURITY_HEADERS)
        return await handler(request)

    return handle_if_allowed


def rejection_reason(request: web.Request) -> str:
    """Return why `request` is not answered; "" if it is."""
    if urlsplit(f"//{request.host}").hostname not in LOOPBACK_HOSTS:
        return f"the sandbox is at 127.0.0.1, not at {request.host}"
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        return f"pages of {origin} cannot use the sandbox"
    site = request.headers.get("Sec-Fetch-Site", "none")
    if request.method not in SAFE_METHODS and site not in {"same-origin", "none"}:
        return "pages of other sites cannot use the sandbox"
    return ""
