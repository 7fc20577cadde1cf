"""Protection of the page and the control API from other hosts and from other sites' pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "media-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""Response headers: pages load nothing from other hosts and cannot be framed."""

SAFE_METHODS = frozenset({"GET", "HEAD"})

RequestHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guard_requests(handler: RequestHandler) -> RequestHandler:
    """Return a handler that calls `handler` only for this machine's tools and the sandbox's pages.

    The Host header must be a loopback name, so that another site's name that resolves to this
    machine is rejected (DNS rebinding). Browsers name the requesting page in Origin and
    Sec-Fetch-Site; only pages of this server may change anything.
    """

    async def handle_if_allowed(request: web.Request) -> web.StreamResponse:
        reason = rejection_reason(request)
        if reason:
            body = {"ok": False, "error": "forbidden", "message": reason}
            return web.json_response(body, status=403, headers=SECURITY_HEADERS)
        return await handler(request)

    return handle_if_allowed


def rejection_reason(request: web.Request) -> str:
    """Return why `request` is rejected, "" if it is allowed."""
    if urlsplit(f"//{request.host}").hostname not in LOOPBACK_HOSTS:
        return f"use the sandbox at 127.0.0.1, not at {request.host}"
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        return f"pages of {origin} cannot use the sandbox"
    site = request.headers.get("Sec-Fetch-Site", "none")
    if request.method not in SAFE_METHODS and site not in {"same-origin", "none"}:
        return "pages of other sites cannot use the sandbox"
    return ""
